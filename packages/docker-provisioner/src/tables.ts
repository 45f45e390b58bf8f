// Who keeps the tables of deployments: given in the options, as an engine has none.

/** How a container reaches its table. */
export interface TableAccess {
  readonly tableName: string;
  readonly region: string;
  /** Address of a DynamoDB-compatible service as containers reach it. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Keeps a table for each deployment, such as `createLocalTables` of `@runlayer/local-tables`. */
export interface Tables {
  /** How the table is reached, whether it is there or not: equal answers mean that a running container need not be replaced. */
  access(deploymentId: string): TableAccess | Promise<TableAccess>;
  /** Makes the table where it is missing. Safe to repeat; items stay. */
  ensureTable(deploymentId: string): Promise<unknown>;
  hasTable(deploymentId: string): Promise<boolean>;
  /** Removes the table with its items. Safe to repeat. */
  removeTable(deploymentId: string): Promise<void>;
}
