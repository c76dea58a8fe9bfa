import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { sql } from './db.ts'

type Statement = ReturnType<typeof sql>
type UnitScope = Pick<Extract<CaseScope, { readonly kind: 'unit' }>, 'unitIds'>

/** Returns the part of a WHERE that keeps rows with a unit inside a scope. */
export const withUnits = ({ unitIds }: UnitScope): { unitId: { in: string[] } } => ({
  unitId: { in: [...unitIds] },
})

/** Returns the same as SQL: of one unit as an equation, so that an index in the queue's order is walked. */
export const ofUnits = ({ unitIds }: UnitScope, column: Statement): Statement =>
  unitIds.length === 1 ? sql`${column} = ${unitIds[0]}` : sql`${column} = ANY(${[...unitIds]}::text[])`
