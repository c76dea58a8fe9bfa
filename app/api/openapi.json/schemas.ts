import { z } from 'zod'

/** The side that a schema describes, requests or answers; defaults and transforms make the two differ. */
type Direction = 'input' | 'output'

interface Plain {
  [key: string]: unknown
}

/** Removes keywords that JSON Schema derives from a schema and that only repeat `format` or the type. */
function tidy({ jsonSchema }: { jsonSchema: Plain }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.format === 'base64') delete jsonSchema.format
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  // Clients must accept additional fields: adding one does not break the interface.
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

function jsonSchemaOf(schema: z.ZodType, io: Direction): Plain {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io, override: tidy }) as Plain
  return pointed(made) as Plain
}

function pointed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(pointed)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === '$ref' ? String(value).replace('#/$defs/', '#/components/schemas/') : pointed(value),
    ]),
  )
}

/**
 * Replaces every Zod schema in a description of operations by JSON Schema. A schema with an `id` becomes a component, and each
 * use refers to it.
 *
 *
 * @throws if two different schemas have the same name
 */
export function described<T>(operations: T): { readonly operations: T; readonly schemas: Plain } {
  const schemas = new Map<string, Plain>()
  const keep = (id: string, schema: Plain) => {
    const known = schemas.get(id)
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two schemas are called ${id}`)
    schemas.set(id, schema)
  }
  const inline = (schema: z.ZodType, io: Direction): Plain => {
    const { $defs = {}, ...made } = jsonSchemaOf(schema, io)
    for (const [id, part] of Object.entries($defs as Record<string, Plain>)) keep(id, part)
    return made
  }
  const walk = (part: unknown, io: Direction): unknown => {
    if (part instanceof z.ZodType) return inline(part, io)
    if (Array.isArray(part)) return part.map((one) => walk(one, io))
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, walk(value, key === 'requestBody' ? 'input' : io)]),
    )
  }
  const made = walk(operations, 'output') as T
  const sorted = [...schemas].sort(([one], [other]) => (one < other ? -1 : 1))
  return { operations: made, schemas: Object.fromEntries(sorted) }
}

/** Returns the parameters of an operation from the schema that parses them; each has its own description. */
export const parametersOf = (where: 'query' | 'path', ...schemas: readonly z.ZodObject[]) =>
  schemas
    .flatMap(({ shape }) => Object.entries(shape) as [string, z.ZodType][])
    .map(([name, schema]) => {
      // Describes the parsed value, not its text.
      const { description, $defs: _, ...made } = jsonSchemaOf(schema, 'output')
      return {
        name,
        in: where,
        required: where === 'path',
        ...(description !== undefined && { description }),
        schema: made,
      }
    })
