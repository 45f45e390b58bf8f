// Failures that the platform itself finds, and how any failure is told in a log.
import type { Failure, FailureCode, Platform } from '@runlayer/provisioner';
import type { Redactor } from '../redaction/redactor.ts';
import { redactDeep } from '../redaction/redactor.ts';

/** A failure without more evidence than its sentence. */
export function plainFailure(code: FailureCode, message: string, fix: string): Failure {
  return { code, message, fix, evidence: {} };
}

/** There is no image behind the reference. */
export function imageMissing(reference: string): Failure {
  return plainFailure(
    'image_missing',
    `The image ${reference} does not exist where the platform looks for it.`,
    'Build and push it again; check the spelling of image in runlayer.yaml, and that the platform may read its repository.',
  );
}

/** The image is for another architecture than the file states. */
export function wrongArchitecture(built: Platform, stated: Platform): Failure {
  return {
    code: 'wrong_architecture',
    message: `The image is built for ${built}, but runlayer.yaml states ${stated}.`,
    fix: `Set infrastructure.platform (and build.platform) to ${built}, or build the image for ${stated}.`,
    evidence: { architecture: built === 'x86' ? 'amd64' : 'arm64' },
  };
}

/** Free of secrets, and no longer than what a record should hold. */
export function storable(failure: Failure, redact: Redactor): Failure {
  const { evidence } = failure;
  const lastLines = evidence.lastLines?.slice(-20).map((line) => redact(line).slice(0, 500));
  return {
    code: failure.code,
    message: redact(failure.message).slice(0, 2000),
    fix: redact(failure.fix).slice(0, 2000),
    evidence: redactDeep({ ...evidence, lastLines }, redact),
  };
}

/** The lines that tell a failure to people: what, why one may know, what next. */
export function failureLines({ message, fix, evidence }: Failure): readonly string[] {
  return [
    `Failed: ${message}`,
    ...(evidence.exitCode === undefined ? [] : [`Exit code: ${evidence.exitCode}`]),
    ...(evidence.listening === undefined || evidence.listening.length === 0 ? [] : [`Listening on: ${evidence.listening.join(', ')}`]),
    ...(evidence.httpStatus === undefined ? [] : [`HTTP status: ${evidence.httpStatus}`]),
    ...(evidence.lastLines === undefined || evidence.lastLines.length === 0
      ? []
      : ['Last lines of the container:', ...evidence.lastLines.map((line) => `  ${line}`)]),
    `What to do: ${fix}`,
  ];
}
