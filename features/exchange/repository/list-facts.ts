import '#server-only'
import { db } from '#platform/db.ts'
import type { ListFacts, ListFileName } from '../rules/list-files.ts'
import type { ListQuery } from './list.ts'

/** The files that are asked for: the whole list begins from nothing, so its `since` is 0. */
type Asked = Pick<ListQuery, 'carrierId' | 'seq' | 'digits'> & { readonly since: number }

/** Returns what the whole list and the deltas of a question were found to hold, as far as that was asked lately. */
export async function keptFacts({ since, ...list }: Asked): Promise<Map<ListFileName, ListFacts>> {
  const rows = await db.listFacts.findMany({
    where: {
      ...list,
      OR: [
        { name: 'list', since: 0 },
        { name: { not: 'list' }, since },
      ],
    },
    select: { name: true, rows: true, bytes: true, sha256: true },
  })
  return new Map(
    rows.map(({ name, bytes, ...rest }) => [name as ListFileName, { ...rest, bytes: Number(bytes) }]),
  )
}

/** Keeps what was found. Another process may keep the same first: a book is append-only, so it cannot differ. */
export async function keepFacts(
  { since, ...list }: Asked,
  found: Iterable<readonly [ListFileName, ListFacts]>,
): Promise<void> {
  await db.listFacts.createMany({
    data: [...found].map(([name, facts]) => ({
      ...list,
      since: name === 'list' ? 0 : since,
      name,
      ...facts,
    })),
    skipDuplicates: true,
  })
}
