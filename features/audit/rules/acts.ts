import { CHANGE_KINDS } from '#features/agencies/rules/reorganisation.ts'
import { RULES } from '#features/cases/rules/moves.ts'
import { OBJECTION_RULES } from '#features/objections/rules/moves.ts'

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[]

/**
 * The acts that can be done, by what they are done to. An act that is written no more stays, for the old lines that
 * have it.
 */
const VERBS = {
  case: ['submit', 'import', 'open', 'list', 'unlist', 'export', 'search', 'disclose', ...keysOf(RULES)],
  objection: [
    'start',
    'submit',
    'open',
    'export',
    'disclose',
    'erase',
    'expire_draft',
    'follow_block',
    ...keysOf(OBJECTION_RULES),
  ],
  draft: ['start', 'expire'],
  evidence: ['add', 'remove', 'derive', 'read', 'open_original', 'turn'],
  question: ['ask', 'read', 'answer'],
  order: ['released', 'withheld', 'result', 'retry', 'repaired', 'exempt_asked', 'exempt_confirmed'],
  release: ['asked', 'confirmed', 'batch_sent'],
  letter: ['make', 'draw', 'hand_over', 'receive'],
  reconciliation: ['received', 'compared', 'repair_asked'],
  drill: ['start', 'turn', 'end', 'stop'],
  carrier: [
    'acknowledge',
    'reminded',
    'flagged',
    'flag_healed',
    'flag_cleared',
    'release_mode',
    'digits',
    'delivery',
    'push_tested',
    'push_stopped',
    'push_resumed',
    'secret_made',
    'secret_ended',
    'key_issued',
    'key_revoked',
    'contact_added',
    'contact_changed',
    'contact_removed',
  ],
  found: ['add', 'upload', 'returned', 'unclaimed'],
  import: ['confirm', 'mend', 'done'],
  unit: ['share', 'export'],
  check: ['list'],
  survey: [
    'reply',
    'reply_draft',
    'drop_reply_draft',
    'keep_promise',
    'change_promise',
    'withdraw_reply',
    'mask_comment',
    'review_comment',
    'request_asked',
    'request_dropped',
    'exclusion_reversed',
    'export',
    'kiosk_made',
    'kiosk_revoked',
    'report_asked',
    'report_retried',
    'report_ready',
    'report_redraw',
    'report_redrawn',
    'report_published',
    'report_withdrawn',
  ],
  questionnaire: [
    'draft',
    'question',
    'up',
    'down',
    'remove',
    'basis',
    'discard',
    'publish',
    'decide',
    'retire',
  ],
  suggestion: ['merge', 'separate', 'answer'],
  catalogue: ['load', ...CHANGE_KINDS, 'withdraw'],
  account: [
    'demo',
    'request',
    'confirm',
    'refuse_request',
    'withdraw_request',
    'expire_request',
    'invite',
    'print_link',
    'activate',
    'change',
    'change_email',
    'enable',
    'disable',
    'reset_sign_in',
    'end_sessions',
    'password',
    'set_preferences',
    'renew_recovery_codes',
    'use_recovery_code',
    'absent',
    'present',
  ],
  session: ['start', 'refuse', 'mail_link', 'end', 'step_up', 'refuse_step_up'],
  identity: ['sign_in', 'sign_out', 'forget'],
  alert: ['raise', 'acknowledge'],
  audit: ['take_proof', 'take_story', 'resumed'],
  area_edition: ['switch', 'follow'],
  installation: ['join', 'sweep', 'key_accepted', 'keys_rotated', 'demo_filled'],
} as const

type Verbs = typeof VERBS

/** Words for every act. */
export type ActWords = { readonly [N in keyof Verbs]: Readonly<Record<Verbs[N][number], string>> }

/** An act of the audit log, `noun.verb`, such as `case.verify`. */
export type AuditAct = { [N in keyof Verbs]: `${N}.${Verbs[N][number]}` }[keyof Verbs]

/** Every act there is, noun by noun. */
export const ACTS = keysOf(VERBS).map((noun) => ({
  noun,
  acts: VERBS[noun].map((verb) => `${noun}.${verb}` as AuditAct),
}))

/** The kinds of subjects that an entry can be about. */
export const SUBJECTS = [
  'area_edition',
  'unit',
  'case',
  'objection',
  'draft',
  'evidence',
  'question',
  'order',
  'release',
  'letter',
  'reconciliation',
  'drill',
  'carrier',
  'found',
  'import',
  'kiosk',
  'exclusion',
  'comment',
  'reply',
  'report',
  'questionnaire',
  'suggestion',
  'catalogue',
  'account',
  'account_request',
  'session',
  'identity',
  'search',
  'alert',
  'entry',
  'log',
  'installation',
] as const
export type SubjectKind = (typeof SUBJECTS)[number]
