import { OBJECTION_RULES } from '#features/disputes/objections/moves-rules.ts'

// What an entry records of the data after its act (ADR 131): a hash of each part, which the database adds to the entry's facts as
// `record` when its transaction ends (prisma/functions/note_record.sql). Only this list defines the parts: `record_of.sql` is
// written from it (records-rules.test.ts), and a comparing run computes the same with its own queries.

/** SQL for a part of the thing with the id `s.id` (text), as JSON; null if there is nothing. */
type Part = string

interface RecordKind {
  /** Acts whose entries record it. A case is also recorded by every entry with an `after_hash`. */
  readonly acts: readonly string[]
  readonly parts: Readonly<Record<string, Part>>
}

/** Returns SQL for the matching rows of a table, in a fixed order. */
const rows = (table: string, where: string, order: string, less: readonly string[] = []): Part =>
  `(SELECT jsonb_agg(${row('r', less)} ORDER BY ${order}) FROM ${table} r WHERE ${where})`
/**
 * Returns SQL for a row without its null columns, so that a new column does not change old hashes. Nulls are dropped first,
 * because most columns are null.
 */
const row = (alias: string, less: readonly string[]): string =>
  `jsonb_strip_nulls(to_jsonb(${alias}))${less.length === 0 ? '' : ` - '{${less.join(',')}}'::text[]`}`
const only = (columns: readonly string[]): string =>
  `jsonb_build_array(${columns.map((column) => `r.${column}`).join(', ')})`

/** Columns of a case that change without an act: those that the database computes, and a receipt that is shown for a day. */
const CASE_ASIDE = [
  ...['state_text', 'act_by', 'lookup_due_at', 'evidence_erased_at'],
  ...['receipt_sealed', 'receipt_cookie_hash', 'receipt_until'],
]
/** The unit, which follows the case's, and a receipt that is shown for a day. */
const OBJECTION_ASIDE = ['unit_id', 'cookie_hash', 'receipt_sealed']
const FILES = `(SELECT jsonb_agg(${only(['id', 'kind', 'media_type', 'byte_size', 'sha256', 'event_seq', 'created_at'])} ORDER BY r.id)
  FROM evidence r WHERE r.case_id = s.id::uuid)`
/** Columns of an account with personal preferences or the count of codes. */
const ACCOUNT_ASIDE = ['totp_step', 'keys_on', 'roomy', 'quiet_from', 'quiet_until']

const all = (table: string, order: string): Part => `coalesce(${rows(table, 'true', order)}, '[]')`

export const RECORDS = {
  case: {
    acts: ['case.withdraw_consent', 'evidence.remove'],
    parts: {
      row: rows('cases', 'r.id = s.id::uuid', 'r.id', CASE_ASIDE),
      numbers: rows('case_imeis', 'r.case_id = s.id::uuid', 'r.ordinal', ['agreed_in_id']),
      history: rows('case_events', 'r.case_id = s.id::uuid', 'r.seq'),
      checks: `(SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(r) || jsonb_build_object('answers', (
        SELECT jsonb_agg(to_jsonb(n) ORDER BY n.key14) FROM proof_check_imeis n WHERE n.case_id = r.case_id AND n.seq = r.seq
      ))) ORDER BY r.seq) FROM proof_checks r WHERE r.case_id = s.id::uuid)`,
      files: FILES,
      consents: rows('consents', 'r.case_id = s.id::uuid', 'r.purpose'),
    },
  },
  objection: {
    acts: ['submit', 'follow_block', ...Object.keys(OBJECTION_RULES)].map((verb) => `objection.${verb}`),
    parts: {
      row: rows('objections', 'r.id = s.id::uuid', 'r.id', OBJECTION_ASIDE),
      history: rows('objection_events', 'r.objection_id = s.id::uuid', 'r.seq'),
      files: FILES,
      consents: rows('consents', 'r.case_id = s.id::uuid', 'r.purpose'),
    },
  },
  account: {
    acts: [
      ...[
        'demo',
        'invite',
        'print_link',
        'activate',
        'change',
        'change_email',
        'enable',
        'disable',
        'reset_sign_in',
      ],
      ...['password', 'renew_recovery_codes', 'use_recovery_code', 'add_passkey', 'remove_passkey'],
      'renew_record',
    ].map((verb) => `account.${verb}`),
    parts: {
      row: rows('staff_accounts', 'r.id = s.id::uuid', 'r.id', ACCOUNT_ASIDE),
      passkeys: `(SELECT jsonb_agg(${only(['id', 'credential_id', 'public_key', 'created_at'])} ORDER BY r.id)
        FROM passkeys r WHERE r.account_id = s.id::uuid)`,
      recovery: rows('recovery_codes', 'r.account_id = s.id::uuid', 'r.code_hash'),
    },
  },
  carrier: {
    acts: ['key_issued', 'key_revoked', 'renew_record'].map((verb) => `carrier.${verb}`),
    parts: {
      keys: rows('carrier_keys', 'r.carrier_id = s.id', 'r.id', ['last_used_at']),
    },
  },
  suggestion: {
    acts: ['suggestion.answer', 'suggestion.merge', 'suggestion.separate'],
    // The text may contain personal data and is deleted after a time.
    parts: { row: rows('survey_suggestions', 'r.id = s.id::uuid', 'r.id', ['text', 'excluded', 'revision']) },
  },
  reply: {
    acts: ['reply', 'keep_promise', 'change_promise', 'withdraw_reply'].map((verb) => `survey.${verb}`),
    parts: {
      row: rows('survey_replies', 'r.id = s.id::uuid', 'r.id', ['revision', 'reminded_for']),
      changes: rows('survey_reply_changes', 'r.reply_id = s.id::uuid', 'r.revision'),
    },
  },
  report: {
    acts: ['report_ready', 'report_redrawn', 'report_published', 'report_withdrawn'].map(
      (verb) => `survey.${verb}`,
    ),
    parts: {
      dataset: `(SELECT to_jsonb(encode(sha256(r.dataset), 'hex')) FROM survey_reports r WHERE r.id = s.id::uuid)`,
      row: rows('survey_reports', 'r.id = s.id::uuid', 'r.id', ['dataset', 'progress', 'redraw_asked_at']),
    },
  },
  agencies: {
    acts: ['load', 'add', 'rename', 'merge', 'split', 'close', 'edition', 'withdraw'].map(
      (verb) => `catalogue.${verb}`,
    ),
    parts: {
      agencies: `jsonb_build_array(${all('agencies', 'r.id')}, ${all('agency_versions', 'r.id')}, ${all('agency_successions', 'r.id')})`,
    },
  },
  questionnaires: {
    acts: ['questionnaire.publish'],
    // What people are asked. A version's trial and end are decided later, so they are not in it.
    parts: {
      questionnaires: `(SELECT jsonb_agg(jsonb_strip_nulls(${only(['version', 'legal_basis', 'questions', 'base_version', 'reason_vi', 'reason_en', 'published_at'])}) ORDER BY r.version)
        FROM questionnaires r WHERE r.published_at IS NOT NULL)`,
    },
  },
  areas: {
    acts: ['area_edition.switch'],
    parts: {
      areas: `jsonb_build_array(${all('area_editions', 'r.id')}, ${all('police_areas', 'r.id')}, ${all('area_successions', 'r.from_id, r.to_id')})`,
      units: all('police_units', 'r.id'),
    },
  },
  holidays: { acts: [], parts: { holidays: all('holidays', 'r.date') } },
  tacs: { acts: [], parts: { tacs: all('tacs', 'r.tac') } },
  banks: { acts: [], parts: { banks: all('banks', 'r.id') } },
  volumes: {
    acts: ['survey.volumes'],
    parts: { volumes: all('survey_volumes', 'r.agency_id, r.month, r.procedure') },
  },
  benchmarks: {
    acts: ['survey.benchmarks'],
    parts: { benchmarks: all('survey_benchmarks', 'r.agency_id, r.measure, r.period') },
  },
} as const satisfies Readonly<Record<string, RecordKind>>

export type RecordKindName = keyof typeof RECORDS

/** Whole tables of every installation: an entry records them each time they are loaded or changed. */
export const SETS = [
  ...(['agencies', 'questionnaires', 'areas', 'holidays', 'tacs', 'banks'] as const),
  ...(['volumes', 'benchmarks'] as const),
] as const
export type ReferenceSet = (typeof SETS)[number]

/** Returns SQL for a part's hash: SHA-256 in base64. */
const hashSql = (part: Part): string => `encode(sha256(convert_to((${part})::text, 'UTF8')), 'base64')`

/** Returns SQL for the hashes of all parts of a kind, as one JSON object without the empty parts. */
export const recordSql = (kind: RecordKindName): string =>
  `jsonb_strip_nulls(jsonb_build_object(${Object.entries(RECORDS[kind].parts)
    .map(([name, part]) => `'${name}', ${hashSql(part)}`)
    .join(', ')}))`

const ID = `'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`
const isOfUuid = (kind: RecordKindName): boolean => recordSql(kind).includes('s.id::uuid')

/** Returns the text of prisma/functions/record_of.sql. */
export const recordOfFunction =
  (): string => `-- Written from features/data-audit/records-rules.ts (npx vitest run --project unit features/data-audit -u).
-- Returns the hash of each part of what an entry of the audit log is about, as it is now; null where nothing is kept of it.
CREATE OR REPLACE FUNCTION record_of(kind text, subject text) RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex'
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  -- Each kind is a statement of its own: PostgreSQL plans the one that is asked for, once a connection.
  CASE kind
${(Object.keys(RECORDS) as RecordKindName[])
  .map((kind) => {
    const unless = isOfUuid(kind) ? `IF subject !~ ${ID} THEN RETURN NULL; END IF; ` : ''
    return `    WHEN '${kind}' THEN ${unless}RETURN (SELECT ${recordSql(kind)} FROM (SELECT subject AS id) s);`
  })
  .join('\n')}
    ELSE RETURN NULL;
  END CASE;
END $$;
`

const list = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ')

/** Returns the SQL condition for entries (by alias) that have a record. */
export const recordedSql = (entry: string): string =>
  `(${entry}.after_hash IS NOT NULL OR ${entry}.act IN (${list([
    ...Object.values(RECORDS).flatMap(({ acts }) => acts),
    'reference.loaded',
  ])}))`

/** Returns the text of prisma/functions/note_record.sql: the function and the trigger that add the record. */
export const noteRecordFunction =
  (): string => `-- Written from features/data-audit/records-rules.ts (npx vitest run --project unit features/data-audit -u).
-- Adds to an entry of the audit log what its transaction leaves behind, as hashes: the entry then says of the data what the
-- sealed tree proves of the entry. It waits for the end of the transaction, and runs as the tables' owner: the application
-- changes no entry.
CREATE OR REPLACE FUNCTION note_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  record jsonb := '{}';
  one text;
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  FOREACH one IN ARRAY CASE
${(Object.keys(RECORDS) as RecordKindName[])
  .filter((kind) => kind !== 'case' && RECORDS[kind].acts.length > 0)
  .map((kind) => `    WHEN NEW.act IN (${list(RECORDS[kind].acts)}) THEN ARRAY['${kind}']`)
  .join('\n')}
    WHEN NEW.act = 'reference.loaded' THEN string_to_array(coalesce(NEW.facts->>'sets', ''), ' ')
    ELSE ARRAY['case'] END
  LOOP
    record := record || coalesce(record_of(one, CASE one WHEN 'case' THEN NEW.case_id ELSE NEW.subject_id END), '{}');
  END LOOP;
  IF record <> '{}' THEN
    UPDATE audit_entries SET facts = facts || jsonb_build_object('record', record) WHERE id = NEW.id;
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS note_record ON audit_entries;
CREATE CONSTRAINT TRIGGER note_record AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (${recordedSql('NEW')})
  EXECUTE FUNCTION note_record();
`
