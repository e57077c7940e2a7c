import { appDelete } from "./commands/app/delete.command.ts";
import { appInit } from "./commands/app/init.command.ts";
import { appLs } from "./commands/app/ls.command.ts";
import { appShow } from "./commands/app/show.command.ts";
import { appUpgrade } from "./commands/app/upgrade.command.ts";
import { complete } from "./commands/complete.command.ts";
import { completion } from "./commands/completion.command.ts";
import { deploy } from "./commands/deploy.command.ts";
import { docs } from "./commands/docs.command.ts";
import { envDelete } from "./commands/env/delete.command.ts";
import { envDeploy } from "./commands/env/deploy.command.ts";
import { envInit } from "./commands/env/init.command.ts";
import { envLs } from "./commands/env/ls.command.ts";
import { envOverride } from "./commands/env/override.command.ts";
import { envPackage } from "./commands/env/package.command.ts";
import { envShow } from "./commands/env/show.command.ts";
import { envUpgrade } from "./commands/env/upgrade.command.ts";
import { init } from "./commands/init.command.ts";
import { jobDelete } from "./commands/job/delete.command.ts";
import { jobDeploy } from "./commands/job/deploy.command.ts";
import { jobInit } from "./commands/job/init.command.ts";
import { jobLogs } from "./commands/job/logs.command.ts";
import { jobLs } from "./commands/job/ls.command.ts";
import { jobOverride } from "./commands/job/override.command.ts";
import { jobPackage } from "./commands/job/package.command.ts";
import { jobRun } from "./commands/job/run.command.ts";
import { jobShow } from "./commands/job/show.command.ts";
import { pipelineApprove } from "./commands/pipeline/approve.command.ts";
import { pipelineCredential } from "./commands/pipeline/credential.command.ts";
import { pipelineDiff } from "./commands/pipeline/diff.command.ts";
import { pipelineHistory } from "./commands/pipeline/history.command.ts";
import { pipelineLogs } from "./commands/pipeline/logs.command.ts";
import { pipelinePackage } from "./commands/pipeline/package.command.ts";
import { pipelineReject } from "./commands/pipeline/reject.command.ts";
import { pipelineRetry } from "./commands/pipeline/retry.command.ts";
import { pipelineRun } from "./commands/pipeline/run.command.ts";
import { pipelineStop } from "./commands/pipeline/stop.command.ts";
import { pipelineDelete } from "./commands/pipeline/delete.command.ts";
import { pipelineDeploy } from "./commands/pipeline/deploy.command.ts";
import { pipelineInit } from "./commands/pipeline/init.command.ts";
import { pipelineLs } from "./commands/pipeline/ls.command.ts";
import { pipelineOverride } from "./commands/pipeline/override.command.ts";
import { pipelineShow } from "./commands/pipeline/show.command.ts";
import { pipelineStatus } from "./commands/pipeline/status.command.ts";
import { run } from "./commands/run.command.ts";
import { secretInit } from "./commands/secret/init.command.ts";
import { storageInit } from "./commands/storage/init.command.ts";
import { svcDelete } from "./commands/svc/delete.command.ts";
import { svcDeploy } from "./commands/svc/deploy.command.ts";
import { svcExec } from "./commands/svc/exec.command.ts";
import { svcInit } from "./commands/svc/init.command.ts";
import { svcLogs } from "./commands/svc/logs.command.ts";
import { svcLs } from "./commands/svc/ls.command.ts";
import { svcOverride } from "./commands/svc/override.command.ts";
import { svcPackage } from "./commands/svc/package.command.ts";
import { svcPause } from "./commands/svc/pause.command.ts";
import { svcReleases } from "./commands/svc/releases.command.ts";
import { svcResume } from "./commands/svc/resume.command.ts";
import { svcRollback } from "./commands/svc/rollback.command.ts";
import { svcShow } from "./commands/svc/show.command.ts";
import { svcStatus } from "./commands/svc/status.command.ts";
import { taskDelete } from "./commands/task/delete.command.ts";
import { taskExec } from "./commands/task/exec.command.ts";
import { taskRun } from "./commands/task/run.command.ts";
import { validate } from "./commands/validate.command.ts";
import { why } from "./commands/why.command.ts";
import { version } from "./commands/version.command.ts";
import type { CommandTree } from "./define.ts";

/** Every command. Only definitions are imported here, so that help starts as fast as Node.js does. */
export const commands: CommandTree = {
  summary: "Runs containerised applications on AWS or on any Docker engine.",
  nodes: {
    init: { ...init, section: "Getting Started" },
    docs: { ...docs, section: "Getting Started" },
    app: {
      kind: "group",
      section: "Develop",
      summary: "Applications: environments and workloads under one name.",
      commands: { init: appInit, ls: appLs, show: appShow, delete: appDelete, upgrade: appUpgrade },
    },
    env: {
      kind: "group",
      section: "Develop",
      summary: "Environments: the places where workloads run.",
      commands: {
        init: envInit,
        ls: envLs,
        show: envShow,
        package: envPackage,
        override: envOverride,
        deploy: envDeploy,
        delete: envDelete,
        upgrade: envUpgrade,
      },
    },
    svc: {
      kind: "group",
      section: "Develop",
      summary: "Services: containers that keep running, and static sites.",
      commands: {
        init: svcInit,
        ls: svcLs,
        package: svcPackage,
        override: svcOverride,
        deploy: svcDeploy,
        delete: svcDelete,
        show: svcShow,
        status: svcStatus,
        logs: svcLogs,
        exec: svcExec,
        releases: svcReleases,
        rollback: svcRollback,
        pause: svcPause,
        resume: svcResume,
      },
    },
    job: {
      kind: "group",
      section: "Develop",
      summary: "Jobs: tasks that run on a schedule.",
      commands: {
        init: jobInit,
        ls: jobLs,
        show: jobShow,
        package: jobPackage,
        override: jobOverride,
        deploy: jobDeploy,
        delete: jobDelete,
        logs: jobLogs,
        run: jobRun,
      },
    },
    task: {
      kind: "group",
      section: "Develop",
      summary: "One-off tasks.",
      commands: { run: taskRun, exec: taskExec, delete: taskDelete },
    },
    run: { ...run, section: "Develop" },
    validate: { ...validate, section: "Develop" },
    pipeline: {
      kind: "group",
      section: "Release",
      summary: "Pipelines: from a push to every environment.",
      commands: {
        init: pipelineInit,
        override: pipelineOverride,
        deploy: pipelineDeploy,
        delete: pipelineDelete,
        show: pipelineShow,
        status: pipelineStatus,
        ls: pipelineLs,
        package: pipelinePackage,
        run: pipelineRun,
        logs: pipelineLogs,
        approve: pipelineApprove,
        reject: pipelineReject,
        retry: pipelineRetry,
        stop: pipelineStop,
        history: pipelineHistory,
        diff: pipelineDiff,
        credential: pipelineCredential,
      },
    },
    deploy: { ...deploy, section: "Release" },
    why: { ...why, section: "Release" },
    storage: { kind: "group", section: "Extend", summary: "Buckets, tables and databases of workloads.", commands: { init: storageInit } },
    secret: { kind: "group", section: "Extend", summary: "Secrets of environments.", commands: { init: secretInit } },
    version: { ...version, section: "Settings" },
    completion: { ...completion, section: "Settings" },
    complete: { ...complete, section: "Settings" },
  },
  examples: [
    { run: "copilot init", does: "Brings the program in this folder to a URL." },
    { run: "copilot deploy --all --env test", does: "Deploys everything in the workspace to test." },
  ],
};
