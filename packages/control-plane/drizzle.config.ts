// Settings of the migration generator: `npx drizzle-kit generate --name <what>` writes the next file of migrations/.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './src/schema/index.ts', out: './migrations' });
