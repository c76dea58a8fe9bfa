/** Configures Prisma's own commands, `npx prisma validate | format | studio | …`: docs/operations/install.md. */
import { defineConfig } from 'prisma/config'
import { ownerUrl } from './scripts/embedded.ts'

// The CLI downloads a schema engine before any command, which closed networks cannot reach. Only `migrate` and `db` use
// it: for the others the path of any executable stands in for it.
const usesEngine = process.argv.some((argument) => argument === 'migrate' || argument === 'db')
if (!usesEngine) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

const url = ownerUrl()

export default defineConfig({
  schema: 'prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
})
