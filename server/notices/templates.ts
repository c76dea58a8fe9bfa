import '#server-only'
import type { Move } from '#domain/case/moves.ts'

/** Every message there is: one for each move that the citizen is told of, and the codes. */
export type NoticeTemplate =
  | 'submitted'
  | Move
  | 'code_confirm_contact'
  | 'code_resume_draft'
  | 'code_view_status'

/** What a message may say. Codes and words of police are personal: they are stored sealed. */
export interface NoticeParams {
  readonly number: string
  readonly code?: string
  /** Words that police or the citizen wrote for the citizen to read. */
  readonly message?: string
  readonly reasonCode?: string
}
