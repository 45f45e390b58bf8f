// Runs one of `runlayer-server aws bootstrap | policy`.
import { isRunlayerError } from '@runlayer/errors';
import type { BootstrapPlan, NamedPolicy } from '@runlayer/aws-provisioner/bootstrap';
import { onInterrupt } from '../command/interrupt.ts';
import { awsExitCode, exitCodes, jsonText, tellFailure } from '../command/outcome.ts';
import { processTerminal, type Terminal } from '../command/terminal.ts';
import { fail } from '../error-codes.ts';
import { readSettings } from '../settings/read-settings.ts';
import { awsHelp } from './help.ts';
import { type AwsCommand, parseAws } from './parse-aws.ts';
import { type AwsPlace, bootstrapOptionsOf, placeFrom, policyPlaceOf, serverSettingsOf } from './place.ts';
import { writePolicies } from './policy-files.ts';
import { countText, filesText, isNothingToDo, nextText, planText, policiesText, settingsText, stepText } from './tell.ts';

type Bootstrap = Extract<AwsCommand, { do: 'bootstrap' }>;
type Policy = Extract<AwsCommand, { do: 'policy' }>;

/** Runs the command that the arguments after `aws` name; resolves to the exit code. */
export async function runAws(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  if (args[0] === 'refresh') return (await import('../aws-refresh/run-refresh.ts')).runRefresh(args.slice(1), terminal);
  try {
    const command = parseAws(args);
    if (command.do === 'help') return shown(awsHelp(command.of), terminal);
    const settings = readSettings(process.env, command.configFile, { targetComplete: false });
    const place = placeFrom(settings, command.place);
    return await (command.do === 'policy' ? policy(command, place, terminal) : interruptible(command, place, terminal));
  } catch (error) {
    return tellFailure(error, args.includes('--json'), terminal, awsExitCode);
  }
}

async function interruptible(command: Bootstrap, place: AwsPlace, terminal: Terminal): Promise<number> {
  const interrupt = onInterrupt();
  try {
    return await bootstrap(command, place, interrupt.signal, terminal);
  } catch (error) {
    if (!interrupt.signal.aborted || isRunlayerError(error)) throw error;
    terminal.note('Stopped. What was made stays; the next run goes on from there.\n');
    return exitCodes.interrupted;
  } finally {
    interrupt.end();
  }
}

function shown(text: string, { print }: Terminal): number {
  print(text);
  return exitCodes.done;
}

async function bootstrap(command: Bootstrap, place: AwsPlace, signal: AbortSignal, terminal: Terminal): Promise<number> {
  const options = bootstrapOptionsOf(place, signal);
  // Loaded only now: help and wrong usage are told without waiting for the SDK.
  const { applyBootstrap, planBootstrap } = await import('@runlayer/aws-provisioner/bootstrap');
  const plan = await planBootstrap(options);
  if (command.plan) return shown(command.json ? jsonText(plan) : `${planText(plan)}${countText(plan)}\n`, terminal);
  if (!command.json || !command.yes) terminal.note(`${planText(plan)}${countText(plan)}\n\n`);
  if (isNothingToDo(plan)) return result(command, place, plan, terminal);
  if (!command.yes) await confirmed(terminal);
  const made = await applyBootstrap(options, (step) => {
    if (!command.json) terminal.note(stepText(step));
  });
  if (!command.json) terminal.note('\n');
  return result(command, place, made, terminal);
}

/** @throws ERR_AWS_UNCONFIRMED */
async function confirmed({ askYes }: Terminal): Promise<void> {
  const answer = await askYes('Make this? [y/N] ');
  if (answer === undefined) throw fail('ERR_AWS_UNCONFIRMED', 'This must be confirmed, and there is nobody to ask.');
  if (!answer) throw fail('ERR_AWS_UNCONFIRMED', 'Not confirmed.', { hint: 'Nothing was made.' });
}

async function result(command: Bootstrap, place: AwsPlace, plan: BootstrapPlan, terminal: Terminal): Promise<number> {
  const { serverPolicy } = await import('@runlayer/aws-provisioner/bootstrap');
  const { region, account, vpc, environment, outputs } = plan;
  const { cluster, permissionsBoundary, pushRole, proxySecurityGroup = '' } = outputs;
  const policies = serverPolicy({ region, account, vpc, environment, cluster, permissionsBoundary, pushRole });
  const settings = serverSettingsOf(place, plan);
  if (command.json) {
    if (command.policyFile !== undefined) writePolicies(command.policyFile, policies);
    return shown(jsonText({ ...plan, settings, policies }), terminal);
  }
  terminal.print(`${settingsText(settings)}${nextText(proxySecurityGroup, policies)}\n`);
  return tellPolicies(command, policies, terminal);
}

function tellPolicies({ policyFile }: Pick<Bootstrap, 'policyFile'>, policies: readonly NamedPolicy[], terminal: Terminal): number {
  return shown(policyFile === undefined ? policiesText(policies) : filesText(writePolicies(policyFile, policies)), terminal);
}

async function policy(command: Policy, place: AwsPlace, terminal: Terminal): Promise<number> {
  const { bootstrapPolicy, callerAccount, serverPolicy } = await import('@runlayer/aws-provisioner/bootstrap');
  const of = await policyPlaceOf(place, (region) => callerAccount({ region, endpoint: place.awsEndpoint }));
  const policies = command.of === 'bootstrap' ? [bootstrapPolicy(of)] : serverPolicy(of);
  if (!command.json) return tellPolicies(command, policies, terminal);
  if (command.policyFile !== undefined) writePolicies(command.policyFile, policies);
  return shown(jsonText(policies), terminal);
}
