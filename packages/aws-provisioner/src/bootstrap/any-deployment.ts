// A deployment's id as a pattern of IAM: it stands for every deployment of an environment, and for nothing else.

/**
 * A UUID in which `?` stands for one character. A `*` would be shorter and wrong: what is called `runlayer-prod-*` may belong to the
 * environment `prod-eu` of the same account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const anyDeployment: string = [8, 4, 4, 4, 12].map((length) => '?'.repeat(length)).join('-');
