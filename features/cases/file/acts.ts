import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { discardUnkept, type FilesRefusal, type MoveWithFiles, moveWithFiles } from '../moves/acts.ts'

export type DocumentRefusal = FilesRefusal | 'repeated'

/**
 * Adds documents of the police to a case of their unit, at most once per `submitKey`. The person of the case is told, and sees
 * them among their own files.
 */
export async function addDocuments(
  actor: StaffActor,
  { submitKey, ...documents }: Omit<MoveWithFiles, 'move' | 'text'> & { readonly submitKey: string },
  now: Instant,
): Promise<Result<true, DocumentRefusal>> {
  const scope = staffScope(actor)
  const done: Result<{ kept: string[] }, DocumentRefusal> = scope
    ? await inScope(scope, () =>
        actOnce<{ kept: string[] }, DocumentRefusal>(
          submitKey,
          `case.document:${actor.id}`,
          now,
          async (tx) => {
            const added = await moveWithFiles(tx, scope, actor, { ...documents, move: 'add_document' }, now)
            return added.ok && added.value.kept.length === 0 ? err('repeated') : added
          },
        ),
      )
    : err('forbidden')
  await discardUnkept(documents.files, done)
  return done.ok ? ok(true) : done
}
