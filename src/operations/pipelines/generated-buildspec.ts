/**
 * The buildspec of a new pipeline. It takes this version of the command line from npm unless the build's image has it, and packages what
 * the stages deploy: each image is built once, for all environments.
 */
export const generatedBuildspec = (
  pipeline: string,
  version: string,
): string => `# What the build stage of the pipeline ${pipeline} runs. It is the same on Docker and on CodeBuild.
version: 0.2
phases:
  install:
    commands:
      - cd $CODEBUILD_SRC_DIR
      # On Docker the build has this command already.
      - command -v copilot-ts >/dev/null || npm install --global copilot-ts@${version}
  build:
    commands:
      # Tests that need no deployment stand here: a failure ends the release before anything is packaged.
      - echo "Building $CODEBUILD_RESOLVED_SOURCE_VERSION"
  post_build:
    commands:
      - export COLOR=false CI=true
      # Builds each image once and writes what every stage deploys.
      - copilot-ts pipeline package --name ${pipeline} --output-dir infrastructure --upload-assets
artifacts:
  files:
    - infrastructure/**/*
`;
