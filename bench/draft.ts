import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { contactHash } from '#features/contact-codes/data.ts'
import { findByCookie, markContactConfirmed } from '#features/reporting/drafts/data.ts'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import { seal } from '#platform/crypto.ts'
import { inScope } from '#platform/scope.ts'
import { newAnswers } from '../e2e/answers.ts'

export interface ReadyDraft {
  readonly id: string
  readonly cookie: string
}

/** Makes a draft that is ready to send: all questions answered, the contact confirmed, and one file. */
export const readyDraft = (db: PrismaClient): Promise<ReadyDraft> =>
  inScope(systemScope(), () => makeDraft(db))

async function makeDraft(db: PrismaClient): Promise<ReadyDraft> {
  const now = new Date()
  // A different person for each draft: reports of one person wait for each other, because only three may be unproven.
  const nationalId = `079196${String(randomInt(10 ** 6)).padStart(6, '0')}`
  const answers = newAnswers({ nationalId })
  const cookie = await startDraft({ locale: 'vi', answers, now })
  const draft = await findByCookie({ value: cookie, officerId: null }, now)
  if (!draft) throw new Error('a draft that was just made is not there')
  await markContactConfirmed(db, draft.id, contactHash({ kind: 'email', value: answers.contactEmail }), now)
  const id = randomUUID()
  await db.evidence.create({
    data: {
      id,
      caseId: draft.id,
      kind: 'box',
      state: 'ready',
      sealed: seal(draft.key, `evidence:${id}`, { fileName: 'hop.jpg' }),
      mediaType: 'image/jpeg',
      byteSize: 1,
      sha256: randomBytes(32),
      originalKey: `bench/${id}`,
      createdAt: now,
    },
  })
  return { id: draft.id, cookie: `antam-draft=${cookie}` }
}
