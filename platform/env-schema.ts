import '#server-only'
import { z } from 'zod'
import { cityNames } from '#cities/city.ts'
import { PASSKEY_GROUPS } from '#features/accounts/passkeys/rules.ts'
import { ML_DSA_COSIGNATURE } from '#lib/transparency/note.ts'
import { isDatabaseUrl, readDatabaseUrl } from './database-url.ts'
import { checksMlDsa } from './signatures.ts'
import { storageAddress } from './storage-address.ts'

const key = z
  .base64('must be 32 bytes in base64 (openssl rand -base64 32)')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === 32, 'must be 32 bytes in base64 (openssl rand -base64 32)')

/**
 * Reads a key with its version before it (`2:…`), so that it can be changed while the product runs; the first version
 * needs none. Each row stores the version of the key that it was made under.
 */
const versionedKey = z
  .string()
  .regex(
    /^([1-9]\d{0,3}:)?[A-Za-z0-9+/]{43}=$/,
    'must be 32 bytes in base64 (openssl rand -base64 32), after the first with its version (2:…)',
  )
  .transform((text) => {
    const [key = '', version = '1'] = text.split(':').reverse()
    return { version: Number(version), bytes: Buffer.from(key, 'base64') }
  })

const postgres = z
  .string()
  .refine(isDatabaseUrl, 'must be postgresql://USER:PASSWORD@HOST:PORT[,HOST:PORT …]/DATABASE')

/**
 * Marks a variable that is, or holds, a secret: it may be given as the name of a file that holds it, `NAME_FILE`, as
 * secret stores and key agents do.
 */
const secret = <Type extends z.ZodType>(type: Type): Type => type.meta({ secret: true })

const days = (most: number, least: number, default_: number) =>
  z.coerce.number().int().min(least).max(most).default(default_)

/** Origins that may be pushed to although they are no public HTTPS: `http://127.0.0.1:4011`. */
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
  .refine(
    (all) => all.every((one) => URL.canParse(one) && new URL(one).origin === one),
    'must be origins such as http://127.0.0.1:4011, with commas between',
  )

/** The times for which each kind of data is kept, and in which a request about it is answered (docs/operations/retention.md). */
const RETENTION = {
  RETAIN_DRAFT_DAYS: days(90, 1, 7),
  // A rejection can be appealed for 30 days: its files are needed so long.
  RETAIN_EVIDENCE_REJECTED_DAYS: days(3650, 31, 90),
  RETAIN_EVIDENCE_CLOSED_DAYS: days(3650, 1, 180),
  RETAIN_CASE_MONTHS: days(240, 2, 24),
  RETAIN_SUGGESTION_MONTHS: days(240, 1, 12),
  RETAIN_COMMENT_MONTHS: days(240, 1, 24),
  RETAIN_FOUND_MONTHS: days(240, 1, 12),
  RETAIN_IDENTITY_MONTHS: days(240, 1, 24),
  RETAIN_OBJECTION_MONTHS: days(240, 2, 12),
  RETAIN_RECONCILIATION_DAYS: days(365, 1, 30),
  RETAIN_LOG_DAYS: days(3650, 1, 90),
  RETAIN_BACKUP_DAYS: days(3650, 1, 35),
  // Working days in which an objection of a blocked phone's holder is decided, and in which the reporter may answer first.
  OBJECTION_WORKING_DAYS: days(60, 1, 10),
  OBJECTION_HEARING_DAYS: days(30, 0, 3),
  // Days for a first complaint by law, for a second one, and for a suit.
  COMPLAINT_DAYS: days(3650, 1, 90),
  COMPLAINT_SECOND_DAYS: days(3650, 1, 30),
  SUIT_DAYS: days(3650, 1, 365),
  DATA_CORRECTION_DAYS: days(365, 1, 10),
  DATA_ERASURE_DAYS: days(365, 1, 20),
  DATA_EXTENSION_DAYS: days(365, 1, 10),
}

/** Citizens may sign in with this OpenID Connect provider (ADR 31); without it nothing of that is there. */
const OIDC = {
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'must be https, or on this machine')
    .optional(),
  /** As people know it: it stands on the button. */
  OIDC_NAME: z.string().min(1).max(40).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: secret(z.string().min(1).optional()),
  OIDC_SCOPE: z
    .string()
    .regex(/^openid( [!#-[\]-~]+)*$/, 'must begin with openid')
    .default('openid'),
  /** Claims that a report may begin with. */
  OIDC_CLAIM_NAME: z.string().min(1).optional(),
  OIDC_CLAIM_NATIONAL_ID: z.string().min(1).optional(),
}

/** Signs what is sent to us: 24 bytes or more in base64, as Standard Webhooks writes it (`whsec_…`) or bare. */
const webhookSecret = z
  .string()
  .regex(
    /^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
    'must be 24 bytes or more in base64 (openssl rand -base64 32)',
  )
  .transform((text) => Buffer.from(text.replace(/^whsec_/, ''), 'base64'))

const gateway = z.url({ protocol: /^https?$/ }).refine(isPrivate, 'must be https, or on this machine')

/** The ways by which messages leave (ADR 84). */
const MESSAGES = {
  SMTP_URL: secret(z.url({ protocol: /^smtps?$/ }).optional()),
  MAIL_FROM: z.string().min(3).default('An Tâm <khong-tra-loi@antam.invalid>'),
  /** The envelope's sender: mail servers return there what they cannot deliver. */
  MAIL_BOUNCE: z.email().optional(),
  /** Gets each alert that auditors get: a mailbox of nobody who has an account. */
  ALERT_MAIL: secret(z.email().optional()),
  /** Signs mail (RFC 6376), where the mail server does not: the key is a PEM. */
  DKIM_DOMAIN: z.hostname().optional(),
  DKIM_SELECTOR: z.hostname().optional(),
  DKIM_PRIVATE_KEY: secret(z.string().startsWith('-----BEGIN', 'must be a private key as PEM').optional()),
  /** `on` in the embedded default, which sets it itself: SMS without a gateway land in the outbox. */
  OUTBOX: z.enum(['on', 'off']).default('off'),
  /** `off`: nobody registers a phone before it is lost, and its pages are not there. */
  MY_PHONES: z.enum(['on', 'off']).default('on'),
  /** `off`: owners let nobody report for them, and the page for it is not there. */
  TRUSTED_PERSONS: z.enum(['on', 'off']).default('on'),
  /** `off`: no report is rehearsed, and the page for it is not there. */
  REHEARSAL: z.enum(['on', 'off']).default('on'),
  /** `off`: no bank or wallet is told of a lost phone, and its interface is not there. */
  ALERTS: z.enum(['on', 'off']).default('on'),
  /** `on`: carriers may watch a phone before it is blocked, and its holder is asked to hand it in. The demonstration has it on. */
  RECOVERY: z.enum(['on', 'off']).default('off'),
  SMS_HTTP_URL: gateway.optional(),
  SMS_HTTP_TOKEN: secret(z.string().min(1).optional()),
  /** `on`: SMS keep their Vietnamese marks, and cost about twice as many segments. */
  SMS_DIACRITICS: z.enum(['on', 'off']).default('off'),
  /** Zalo's notification service, before SMS: an app of its Official Account, and the first refresh token. */
  ZALO_APP_ID: z
    .string()
    .regex(/^\d{1,30}$/, 'must be digits')
    .optional(),
  ZALO_APP_SECRET: secret(z.string().min(1).optional()),
  ZALO_REFRESH_TOKEN: secret(z.string().min(1).optional()),
  /** The file with the ids of the templates that Zalo has approved. */
  ZALO_TEMPLATES: z.string().min(1).optional(),
  /** For tests and trials: the simulator's address. */
  ZALO_URL: gateway.default('https://business.openapi.zalo.me'),
  ZALO_OAUTH_URL: gateway.default('https://oauth.zaloapp.com'),
  /** Checks the gateway's reports; without it there are none. */
  SMS_REPORT_SECRET: secret(webhookSecret.optional()),
  /** Checks the cases that the city's one-stop system sends; without it they come by a table alone. */
  VOLUMES_SECRET: secret(webhookSecret.optional()),
}

const PASSKEYS = {
  /** The groups that sign in and confirm with a passkey alone: `police,relay`. Without one they are led to register it. */
  PASSKEYS_REQUIRED: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .pipe(z.array(z.enum(PASSKEY_GROUPS, 'must be of police, relay, admin, auditor, with commas between')))
    .default([]),
}

/** Says how old the last whole backup may be; without it 36 hours, once one was made. */
const BACKUP = { BACKUP_MAX_HOURS: z.coerce.number().int().min(1).max(8760).optional() }

/** A virus scanner that looks at evidence before police open it (ADR 91); without either nothing is looked at. */
const CLAMD = {
  CLAMD_HOST: z.string().min(1).optional(),
  CLAMD_PORT: z.coerce.number().int().min(1).max(65_535).default(3310),
  CLAMD_SOCKET: z.string().startsWith('/', 'must be the path of a socket').optional(),
}

const storageUrl = z
  .string()
  .refine(
    (text) => storageAddress(text) !== null,
    'must be file:PATH or s3://BUCKET/PREFIX?endpoint=…&region=…&forcePathStyle=true|false, without keys',
  )

/** Names the store of files (ADR 83); keys of S3 are those of every tool that speaks with it. */
const STORAGE = {
  STORAGE_URL: storageUrl.optional(),
  /** Read where the other has a file not: while files move from one to the other. */
  STORAGE_URL_ALSO: storageUrl.optional(),
  AWS_ACCESS_KEY_ID: secret(z.string().min(1).optional()),
  AWS_SECRET_ACCESS_KEY: secret(z.string().min(1).optional()),
  AWS_SESSION_TOKEN: secret(z.string().min(1).optional()),
  AWS_REGION: z.string().min(1).optional(),
}

/** Tells whether nobody between can read what is sent to an address: it is https, or stays on this machine. */
function isPrivate(address: string): boolean {
  const { protocol, hostname } = URL.parse(address) ?? {}
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname ?? '')
}

const WITNESS = /^(([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+))\+(https?:\/\/\S+)$/

/** Tells whether a name fits in what a witness signs by ML-DSA-44: its length is one byte (c2sp.org/tlog-cosignature). */
const hasOneByteLength = (name: string): boolean => Buffer.byteLength(name) <= 255

/** Witnesses of the audit log (ADR 133): each the line of its key, a plus sign, and the address where it is asked. */
const witnesses = z.string().transform((text, faults) =>
  text.split(/[\s,]+/).flatMap((one) => {
    const fault = (message: string) => faults.addIssue({ code: 'custom', message })
    const [, line, name = '', key = '', url = ''] = WITNESS.exec(one) ?? []
    if (one === '') return []
    if (!line || !isPrivate(url) || !hasOneByteLength(name))
      fault('must be NAME+ID+KEY+https://… each, with spaces between them, and NAME of 255 bytes at most')
    else if (Buffer.from(key, 'base64')[0] === ML_DSA_COSIGNATURE && !checksMlDsa())
      fault(`has a key of ML-DSA-44, which Node ${process.version} cannot check: Node 24.6 can`)
    else return [{ line, url }]
    return []
  }),
)

/** How the product is watched (ADR 85). */
const WATCHED = {
  /** The port of `/metrics`, `/live` and `/ready`, on web servers and workers alike; not set: none. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** `on`: a line for each request, with its route, status and time, and nothing of its sender. */
  ACCESS_LOG: z.enum(['on', 'off']).default('off'),
  /** The collector of traces (OpenTelemetry, OTLP over HTTP), and the share that it gets; not set: none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
}

/** Names every variable the product reads; docs/operations/configuration.md describes each for the person who runs it. */
export const SCHEMA = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  /** Web processes behind one port: by the machine's cores and memory unless told (platform/web-processes.ts). */
  WEB_PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
  /** Connections to the database of all of them together, or of a worker beside its queue's four. */
  DATABASE_CONNECTIONS: z.coerce.number().int().min(5).max(5_000).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The address to which holes are reported: of a page or a mailbox (mailto:). */
  SECURITY_CONTACT: z.url({ protocol: /^(https|mailto)$/ }).optional(),
  DATABASE_URL: secret(postgres),
  /** A replica, from which everybody's pages and figures are read (read-replica.ts). */
  DATABASE_READ_URL: secret(
    postgres
      .refine(
        (url) => !isDatabaseUrl(url) || !readDatabaseUrl(url).follows,
        'must be the address of one server',
      )
      .optional(),
  ),
  DATABASE_OWNER_URL: secret(postgres.optional()),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** `city`: the database holds the demo city, and every page says so. In the embedded default alone. */
  DEMO: z.enum(['city', 'empty']).default('empty'),
  /**
   * Seconds from "not ready" until a web server refuses requests; then the seconds that the requests which have begun
   * may take.
   */
  DRAIN_DELAY: z.coerce.number().min(0).max(300).optional(),
  DRAIN_SECONDS: z.coerce.number().min(1).max(3600).default(120),
  LIMIT_SCALE: z.coerce.number().positive().default(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Wraps the key of each case. `…_ALSO` still opens what was made under it: the key before, or the next. */
  ANTAM_KEY: secret(versionedKey),
  ANTAM_KEY_ALSO: secret(versionedKey.optional()),
  /** Makes the blind indexes by which sealed values are found; with `…_ALSO` they are found under both. */
  ANTAM_INDEX_KEY: secret(versionedKey),
  ANTAM_INDEX_KEY_ALSO: secret(versionedKey.optional()),
  /** Hashes secrets, codes, sessions and addresses. */
  ANTAM_HASH_KEY: secret(key),
  /** The seed of the Ed25519 key that signs the audit log's checkpoints: for the worker alone. */
  ANTAM_AUDIT_KEY: secret(key.optional()),
  /** The key before it, while the log gets another one: for npm run audit:resume alone. */
  ANTAM_AUDIT_KEY_ALSO: secret(key.optional()),
  /** The audit log's name, which no other log has: the address of its files without https://. */
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'must be a name without spaces and plus signs: antam.example.gov.vn/log/2026')
    .refine(hasOneByteLength, 'must be a name of 255 bytes at most')
    .optional(),
  /** Names who signs the log's heads besides us, `KEY+URL` each, and how many of them have to. */
  WITNESSES: witnesses.default([]),
  /** `on`: they are our own, for a demonstration, and are told as that. */
  WITNESSES_DEMO: z.enum(['on', 'off']).default('off'),
  WITNESS_QUORUM: z.coerce.number().int().min(1).max(32).optional(),
  /**
   * The key that checks those signatures, as one line. It is not secret. A process that has the seed does not need it.
   */
  ANTAM_AUDIT_PUBLIC_KEY: secret(
    z
      .string()
      .regex(/^\S+\+[0-9a-f]{8}\+\S+$/, 'must be a line as in AUDIT_DIR/verifier-key')
      .optional(),
  ),
  /** The seed of the Ed25519 key that signs what carriers fetch as files; carriers still find `…_ALSO` among the keys. */
  ANTAM_EXCHANGE_KEY: secret(key),
  ANTAM_EXCHANGE_KEY_ALSO: secret(key.optional()),
  NEXTAUTH_SECRET: secret(z.string().min(32)),
  /** The folder where checkpoints are written; `checkpoints` under DATA_DIR where it is not set. */
  AUDIT_DIR: z.string().min(1).optional(),
  ...MESSAGES,
  /** The places where webhooks may go beside public HTTPS: for tests and trials alone. */
  PUSH_ALLOW: origins.default([]),
  /** The folder in cities/ of the city that this is. What it and the country say of the variables below stands in place of a default. */
  CITY: z.enum(cityNames()).default('hcm'),
  /** The telecom authority's present name. */
  AUTHORITY_NAME: z.string().min(1),
  /** The office that gives the City the survey's report: in its heading, and in short behind its number. */
  REPORT_OFFICE: z.string().min(1).max(120),
  REPORT_OFFICE_EN: z.string().min(1).max(120),
  REPORT_OFFICE_SHORT: z
    .string()
    .regex(/^[\p{L}\d]{1,20}$/u, 'must be letters and digits, as behind a document’s number: SNV'),
  /** The minutes for which one code opens acts of its kind on a device; 0: each act asks. */
  STEP_UP_MINUTES: z.coerce.number().min(0).max(720).default(30),
  /** The hours for which an account that is new, reset or changed only reads. */
  ACCOUNT_WAIT_HOURS: z.coerce.number().min(0).max(720).default(24),
  /**
   * Blocks wait for two people of the relay when an hour has more of them than both: this number, and this share of a
   * carrier's list.
   */
  GUARD_ORDERS: z.coerce.number().int().min(1).default(200),
  GUARD_PERCENT: z.coerce.number().min(0).max(100).default(5),
  /**
   * Files without evidence wait for a person's decision when they are more than this number, or than this share of all
   * files.
   */
  SWEEP_FILES: z.coerce.number().int().min(1).default(500),
  SWEEP_PERCENT: z.coerce.number().min(0).max(100).default(5),
  /** `off` where the page of the first hour (`/gio-dau`) is no part of this installation. */
  FIRST_HOUR: z.enum(['on', 'off']).default('on'),
  /** `off`: messages bear no code by which `/xac-minh` tells who sent them. */
  MESSAGE_CODES: z.enum(['on', 'off']).default('on'),
  /** `off` where no machine looks for IMEIs in files of evidence; those that came meanwhile are read once it is on. */
  PROOF_READING: z.enum(['on', 'off']).default('on'),
  /** How many files a worker reads at once; each takes a core and up to a gigabyte. */
  PROOF_READERS: z.coerce.number().int().min(1).max(16).default(2),
  ...WATCHED,
  ...STORAGE,
  ...RETENTION,
  /** Whom people ask about their data, as the notice says it. */
  PRIVACY_CONTACT: z.string().min(3).optional(),
  /** Whom people write to about answers that are not counted, as it is shown to them. */
  SURVEY_CONTACT: z.string().min(3).optional(),
  /** Under which licence the survey's figures and those of `/so-lieu` may be used, and where it can be read. */
  DATA_LICENCE: z.string().min(1).max(60).default('CC BY 4.0'),
  DATA_LICENCE_URL: z.url({ protocol: /^https$/ }).default('https://creativecommons.org/licenses/by/4.0/'),
  /** Printed on every order to a carrier. */
  LEGAL_BASIS: z.string().min(1),
  /** The laws by which a decision of the police can be complained against, and sued over. */
  COMPLAINT_BASIS: z.string().min(1),
  SUIT_BASIS: z.string().min(1),
  /** The law by which a carrier stops a SIM in another phone until its subscriber's face is verified. */
  SUBSCRIBER_BASIS: z.string().min(1),
  /** The number that answers for the whole city, shown where a unit's own is not known. */
  CITY_HOTLINE: z.string().regex(/^\+?\d{3,13}$/, 'must be a number as it is dialled: 1022'),
  ...OIDC,
  ...PASSKEYS,
  ...BACKUP,
  ...CLAMD,
})

/** The names of the variables, for the test that every document names them. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape)

/** The names of those that may be given as `NAME_FILE`. */
export const SECRETS: readonly string[] = Object.entries(SCHEMA.shape).flatMap(([name, type]) =>
  type.meta()?.secret === true ? [name] : [],
)

export type Env = Readonly<z.output<typeof SCHEMA>>
