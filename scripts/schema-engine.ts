import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg, { type QueryResult } from 'pg'
import { MIGRATIONS, type Migration } from './migrations.ts'

const PRISMA = 'prisma'
const OID_CHAR = 18
const OID_TIMETZ = 1266
const FILTERS = { externalTables: [], externalEnums: [] }

let loading: Promise<void> | undefined

/** Loads Prisma's schema engine as WebAssembly: closed networks cannot download the native one. */
async function load(): Promise<void> {
  // The engine reports the reason of a crash here.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) },
  })
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const code = readFileSync(join(dirname(entry), 'schema_engine_bg.wasm'))
  // The package's own entry imports the .wasm as a module, which Node does not support.
  const imports = { './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports }
  const { instance } = await WebAssembly.instantiate(code, imports)
  glue.__wbg_set_wasm(instance.exports)
  ;(instance.exports.__wbindgen_start as () => void)()
}

/** Prisma's adapter for one empty scratch database, with two workarounds for the engine. */
class ScratchAdapterFactory extends PrismaPg {
  override async connectToShadowDb() {
    const adapter = await this.connect()
    const pool = adapter.underlyingDriver()
    // The adapter splits a script at every semicolon, even inside functions.
    adapter.executeScript = async (script) => {
      await pool.query(script)
    }
    // The adapter rejects the catalogue's one-byte type "char". This passes it as a type that no catalogue query returns,
    // and corrects the type afterwards.
    const query = pool.query.bind(pool) as (config: unknown) => Promise<QueryResult>
    pool.query = (async (config: unknown) => {
      const result = await query(config)
      for (const field of result.fields ?? [])
        if (field.dataTypeID === OID_CHAR) field.dataTypeID = OID_TIMETZ
      return result
    }) as typeof pool.query
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (statement) => {
      const result = await queryRaw(statement)
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Time ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    }
    return adapter
  }
}

const schemaFiles = (): [path: string, content: string][] =>
  readdirSync(PRISMA, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.prisma'))
    .map((name) => join(PRISMA, name))
    .map((path) => [path, readFileSync(path, 'utf8')])

/**
 * Returns the SQL that leads from the result of `migrations` to the schema; empty when they agree.
 *
 * @param url an empty database, in which the migrations are applied
 */
export async function differenceToSchema(url: string, migrations: readonly Migration[]): Promise<string> {
  const pool = new pg.Pool({ connectionString: url })
  loading ??= load()
  await loading
  const datamodels = schemaFiles()
  const factory = bindMigrationAwareSqlAdapterFactory(new ScratchAdapterFactory(pool))
  const engine = await glue.SchemaEngine.new({ datamodels }, () => {}, factory)
  try {
    const { stdout } = await engine.diff({
      from: {
        tag: 'migrations',
        baseDir: join(process.cwd(), MIGRATIONS),
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      to: { tag: 'schemaDatamodel', files: datamodels.map(([path, content]) => ({ path, content })) },
      script: true,
      exitCode: null,
      filters: FILTERS,
    })
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  } finally {
    engine.free()
    await pool.end()
  }
}
