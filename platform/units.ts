import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import { sql } from './db.ts'

type Statement = ReturnType<typeof sql>
type UnitScope = Pick<Extract<CaseScope, { readonly kind: 'unit' }>, 'unitIds'>

export const withUnits = ({ unitIds }: UnitScope): { unitId: { in: string[] } } => ({
  unitId: { in: [...unitIds] },
})

/** Returns the same condition as SQL. A single unit is an equation, so that PostgreSQL can use an index in the queue's order. */
export const ofUnits = ({ unitIds }: UnitScope, column: Statement): Statement =>
  unitIds.length === 1 ? sql`${column} = ${unitIds[0]}` : sql`${column} = ANY(${[...unitIds]}::text[])`
