// The trust policy that a customer pastes into their own role: whoever deploys by a program needs it with the provisioner.
export { customerTrustPolicy } from '@runlayer/aws-roles';
