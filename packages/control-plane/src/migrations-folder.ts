// Where the migrations are. Stays directly below src: from there `../migrations` is right for the built file too.
import { fileURLToPath } from 'node:url';

/** Folder of the SQL files and their journal. */
export const migrationsFolder: string = fileURLToPath(new URL('../migrations', import.meta.url));
