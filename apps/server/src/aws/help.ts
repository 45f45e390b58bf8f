// The texts of `runlayer-server aws --help`.
import type { AwsVerb } from './parse-aws.ts';

const where = `What is not given as an option is as in the settings: RUNLAYER_AWS_VPC, RUNLAYER_AWS_SUBNETS, RUNLAYER_AWS_REGION (else
AWS_REGION), RUNLAYER_AWS_ENVIRONMENT, RUNLAYER_AWS_ACCOUNT, RUNLAYER_AWS_SCALING. Credentials are those that the AWS SDK finds:
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or the role of the machine or task.
`;

const place = `  --vpc ID              VPC of the tasks, such as vpc-0a1b2c3d
  --subnets ID,ID       subnets of the tasks: private, with a way to ECR, Secrets Manager and CloudWatch Logs
  --region NAME         such as eu-central-1
  --environment NAME    name of the installation, part of every name; default: default
  --account NUMBER      refuses credentials of another account
`;

const common = `  --policy-file FILE    writes the policies as JSON files instead of printing them; of several, each gets its own name
  --json                one JSON value on standard output
  --config FILE         settings as YAML or JSON (also RUNLAYER_CONFIG)
  --help                this text
`;

const exits = 'Exit codes: 0 done or nothing to do, 1 failed, 2 wrong usage, 3 AWS refuses the credentials or a call, 130 Ctrl-C.\n';

const texts: Readonly<Record<AwsVerb | 'aws', string>> = {
  aws: `Deployments on AWS: what all of them share, what the server may do there, and what runs.

Usage: runlayer-server aws bootstrap [--vpc ID --subnets ID,ID --region NAME] [--plan | --yes]
       runlayer-server aws policy [--of server | bootstrap]
       runlayer-server aws refresh [--plan]

  bootstrap   makes it in a VPC that is there: cluster, security group, permissions boundary, image repository, push role
  policy      prints what the server must be allowed to do, or what bootstrap must
  refresh     writes the records of deployments that are in AWS, when the database is lost

${where}
${exits}
Examples:
  runlayer-server aws bootstrap --vpc vpc-0a1b2c3d --subnets subnet-0a1b2c3d,subnet-1a2b3c4d --region eu-central-1
  runlayer-server aws bootstrap --help
  runlayer-server aws refresh --help
`,
  bootstrap: `Makes what all deployments on AWS share, and prints the settings for the server and the policies that its role needs. It shows
first what it would do, and asks. Safe to repeat: it changes only what differs, and nothing that is somebody else's.

Usage: runlayer-server aws bootstrap [--vpc ID] [--subnets ID,ID] [--region NAME] [--plan | --yes]

${place}  --plan                shows what would be done, and changes nothing
  --yes                 does not ask; needed where there is no terminal
${common}
${where}
It makes no network: a VPC, its subnets and their way out must be there. With RUNLAYER_AWS_SCALING=off it leaves out what only
scaling needs, Container Insights, which AWS charges for. What it must be allowed to do: runlayer-server aws policy --of bootstrap
${exits}
Examples:
  runlayer-server aws bootstrap --vpc vpc-0a1b2c3d --subnets subnet-0a1b2c3d,subnet-1a2b3c4d --region eu-central-1
  runlayer-server aws bootstrap --plan --json | jq '.steps[] | select(.action != "none")'
  runlayer-server aws bootstrap --yes --policy-file server.json
`,
  policy: `Prints the least that the server must be allowed to do, made from the calls that it makes: IAM policies by name, as JSON. Attach
all of them to the role that the server runs with; they are two, since one would be longer than IAM allows.

Usage: runlayer-server aws policy [--vpc ID] [--region NAME] [--of server | bootstrap] [--policy-file FILE]

${place}  --of WHOM             server (default), or bootstrap: what the command of that name must be allowed to do
${common}
${where}
With --account it asks AWS nothing.
${exits}
Examples:
  runlayer-server aws policy --region eu-central-1 --vpc vpc-0a1b2c3d --account 111122223333
  runlayer-server aws policy --policy-file server.json
  runlayer-server aws policy --of bootstrap | jq '.[]'
`,
};

/** Help on one command, or on all. */
export function awsHelp(verb: AwsVerb | undefined): string {
  return texts[verb ?? 'aws'];
}
