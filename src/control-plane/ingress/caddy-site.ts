import type { CaddyObject } from "./caddy-routes.ts";

/** Where the ingress has the files of sites. */
const sitesRoot = "/shared/sites";

const rewrite = (pattern: string, uri: string): CaddyObject => ({
  match: [{ path_regexp: { name: "part", pattern } }],
  handle: [{ handler: "rewrite", uri }],
});

/**
 * Serves a site's files as CloudFront with Copilot's function does: a path that ends in `/` means its `index.html`, one without a dot means
 * `index.html` below it. What is not there is answered by the site's own `404.html` where it has one.
 */
export function siteHandlers(artifact: string): readonly CaddyObject[] {
  const root = `${sitesRoot}/${artifact}`;
  const serve: CaddyObject = { handler: "file_server", root, canonical_uris: false, index_names: [] };
  const missing: CaddyObject = {
    match: [{ not: [{ file: { root, try_files: ["{http.request.uri.path}"] } }] }],
    handle: [
      {
        handler: "subroute",
        routes: [{ match: [{ file: { root, try_files: ["/404.html"] } }], handle: notFoundWithPage(root) }, { handle: [plainNotFound] }],
      },
    ],
    terminal: true,
  };
  return [
    {
      handler: "subroute",
      routes: [
        rewrite("^(.*/)$", "{http.request.uri.path}index.html"),
        rewrite("^((?:.*/)?[^./]+)$", "{http.request.uri.path}/index.html"),
        missing,
        { handle: [serve] },
      ],
    },
  ];
}

const plainNotFound: CaddyObject = {
  handler: "static_response",
  status_code: 404,
  headers: { "Content-Type": ["text/plain; charset=utf-8"] },
  body: "There is no such file in this site.\n",
};

const notFoundWithPage = (root: string): readonly CaddyObject[] => [
  { handler: "rewrite", uri: "/404.html" },
  { handler: "file_server", root, status_code: 404, canonical_uris: false },
];
