// Compiled by the typecheck only: what the public types allow, and what they refuse.
import { expandPlatformVariables, exportYaml, parseConfig, readConfig, templateYaml } from './index.ts';
import type { Config, Platform } from './index.ts';
import type { Values } from './shape/shape.ts';

// The table of the shape gives real types: were one of them `any`, the misuse below it would compile.
export const values: Values = {};
export const port: number | undefined = values.service?.port;
// @ts-expect-error a port is a number
export const portText: string | undefined = values.service?.port;
export const platform: Platform | undefined = values.build?.platform;
// @ts-expect-error a platform is x86 or arm
export const onlyArm: 'arm' | undefined = values.build?.platform;
export const env: Readonly<Record<string, string>> | undefined = values.env;
// @ts-expect-error the values of env are texts
export const numbers: Readonly<Record<string, number>> | undefined = values.env;
// @ts-expect-error kubernetes has no value: it is refused
export const kubernetes: object = values.infrastructure?.kubernetes;

const { config } = parseConfig('name: x');
// @ts-expect-error a file may be invalid: there is no configuration then
exportYaml(config);
const read: Config = readConfig('name: x');
// @ts-expect-error a configuration is not changed in place
read.name = 'y';
// @ts-expect-error only three names can be referred to, and each needs its value
expandPlatformVariables('', { DEPLOYMENT_URL: '' });
// @ts-expect-error the platform is always written
templateYaml({ name: 'x' });
// @ts-expect-error a platform is x86 or arm
templateYaml({ name: 'x', platform: 'amd64' });
// @ts-expect-error a source is a text or a parsed document
parseConfig(new Uint8Array());
