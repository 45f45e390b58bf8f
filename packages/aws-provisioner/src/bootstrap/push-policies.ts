// Who may take on the push role, and what it may do.
import type { PolicyDocument } from '../policies/policy-document.ts';
import type { BootstrapContext } from './bootstrap-options.ts';

type Place = Pick<BootstrapContext, 'partition' | 'account' | 'names'> & { readonly aws: { readonly region: string } };

/** The own account: which of its roles may do so, their own policies say. The server's does; those of deployments are kept from it by their boundary. */
export function pushTrustPolicy({ partition, account }: Pick<Place, 'partition' | 'account'>): PolicyDocument {
  const Principal = { AWS: `arn:${partition}:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Sid: 'OwnAccount', Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
}

/** Push and pull in the one repository. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export function pushPolicy({ partition, account, names, aws }: Place): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      // This one call knows no resources: it gives a password for what the other statement allows.
      { Sid: 'RegistryPassword', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Sid: 'PushAndPull',
        Effect: 'Allow',
        Action: [
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:CompleteLayerUpload',
          'ecr:GetDownloadUrlForLayer',
          'ecr:InitiateLayerUpload',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        Resource: `arn:${partition}:ecr:${aws.region}:${account}:repository/${names.repository}`,
      },
    ],
  };
}
