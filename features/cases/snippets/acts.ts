import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, refuse } from '#features/audit/act.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Tx } from '#platform/db.ts'
import { listSnippets } from './data.ts'
import { MOST_SNIPPETS, snippetText } from './rules.ts'

const onOwnSnippets = {
  permission: 'case:decide',
  faults: 'snippet',
  subject: {
    async lock(tx: Tx, _input: object, actor: StaffActor) {
      // Two presses at once would both find room.
      await lockSnippets(tx, actor.id)
      return { id: actor.id }
    },
    entry: ({ id }: { readonly id: string }) => ({ subject: { kind: 'account', id } as const }),
  },
} as const

async function lockSnippets(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

const page = (done: string) => () => ({ pathname: '/admin/my-account', query: { done } }) as const

export const keepSnippet = act({
  ...onOwnSnippets,
  name: 'account.keep_snippet',
  input: z.object({ snippet: snippetText }),
  page: page('snippet_kept'),
  async run({ tx, actor, input, now }) {
    const kept = await listSnippets(actor, tx)
    if (kept.some(({ text }) => text === input.snippet)) return refuse('taken', 'snippet')
    if (kept.length >= MOST_SNIPPETS) return refuse('too_many', 'snippet')
    await tx.staffSnippet.create({
      data: { id: randomUUID(), accountId: actor.id, text: input.snippet, createdAt: now },
      select: { id: true },
    })
  },
})

/** Drops one of the person's own sentences; a missing one is no error. */
export const dropSnippet = act({
  ...onOwnSnippets,
  name: 'account.drop_snippet',
  input: z.object({ snippetId: z.uuid('general.invalid') }),
  page: page('snippet_dropped'),
  async run({ tx, actor, input }) {
    await tx.staffSnippet.deleteMany({ where: { id: input.snippetId, accountId: actor.id } })
  },
})
