import '#server-only'
import { createECDH } from 'node:crypto'
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

/** Tells whether bytes are a valid private key on P-256; one in four billion is not. */
const isPrivateKey = (bytes: Buffer): boolean => {
  try {
    createECDH('prime256v1').setPrivateKey(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Parses a key with a version prefix (`2:…`), so that it can be changed while the product runs; the first version needs no
 * prefix. Each row stores the version of its key.
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

/** Marks a variable as secret. It may also be given as the name of a file, `NAME_FILE`, as secret stores and key agents do. */
const secret = <Type extends z.ZodType>(type: Type): Type => type.meta({ secret: true })

const days = (most: number, least: number, default_: number) =>
  z.coerce.number().int().min(least).max(most).default(default_)

/** Origins that may be pushed to although they are not public HTTPS, such as `http://127.0.0.1:4011`. */
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
  .refine(
    (all) => all.every((one) => URL.canParse(one) && new URL(one).origin === one),
    'must be origins such as http://127.0.0.1:4011, with commas between',
  )

/** Retention periods, and periods for answering requests about data (docs/operations/retention.md). */
const RETENTION = {
  RETAIN_DRAFT_DAYS: days(90, 1, 7),
  // A rejection can be appealed for 30 days, so its files are needed that long.
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
  // Working days for deciding a holder's objection to a block, and for the reporter's answer before that.
  OBJECTION_WORKING_DAYS: days(60, 1, 10),
  OBJECTION_HEARING_DAYS: days(30, 0, 3),
  // Legal periods in days for a first complaint, a second one, and a lawsuit.
  COMPLAINT_DAYS: days(3650, 1, 90),
  COMPLAINT_SECOND_DAYS: days(3650, 1, 30),
  SUIT_DAYS: days(3650, 1, 365),
  DATA_CORRECTION_DAYS: days(365, 1, 10),
  DATA_ERASURE_DAYS: days(365, 1, 20),
  DATA_EXTENSION_DAYS: days(365, 1, 10),
}

/** The OpenID Connect provider for citizens' sign-in (ADR 31); without it the sign-in is off. */
const OIDC = {
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'must be https, or on this machine')
    .optional(),
  /** The provider's name as people know it, shown on the button. */
  OIDC_NAME: z.string().min(1).max(40).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: secret(z.string().min(1).optional()),
  OIDC_SCOPE: z
    .string()
    .regex(/^openid( [!#-[\]-~]+)*$/, 'must begin with openid')
    .default('openid'),
  /** The claims that prefill a report. */
  OIDC_CLAIM_NAME: z.string().min(1).optional(),
  OIDC_CLAIM_NATIONAL_ID: z.string().min(1).optional(),
}

/** Verifies incoming messages: 24 bytes or more in base64, in the form of Standard Webhooks (`whsec_…`) or bare. */
const webhookSecret = z
  .string()
  .regex(
    /^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
    'must be 24 bytes or more in base64 (openssl rand -base64 32)',
  )
  .transform((text) => Buffer.from(text.replace(/^whsec_/, ''), 'base64'))

const gateway = z.url({ protocol: /^https?$/ }).refine(isPrivate, 'must be https, or on this machine')

/** The channels for messages (ADR 84). */
const MESSAGES = {
  SMTP_URL: secret(z.url({ protocol: /^smtps?$/ }).optional()),
  MAIL_FROM: z.string().min(3).default('An Tâm <khong-tra-loi@antam.invalid>'),
  /** The envelope's sender, to which mail servers return undeliverable mail. */
  MAIL_BOUNCE: z.email().optional(),
  /** Receives a copy of each alert to auditors. Its owner must have no account. */
  ALERT_MAIL: secret(z.email().optional()),
  /** Signs mail (RFC 6376), if the mail server does not. The key is a PEM. */
  DKIM_DOMAIN: z.hostname().optional(),
  DKIM_SELECTOR: z.hostname().optional(),
  DKIM_PRIVATE_KEY: secret(z.string().startsWith('-----BEGIN', 'must be a private key as PEM').optional()),
  /** `on` only in the embedded default, which sets it itself: without a gateway, SMS go to the outbox. */
  OUTBOX: z.enum(['on', 'off']).default('off'),
  /** `off`: phones cannot be registered before a loss, and the pages for it do not exist. */
  MY_PHONES: z.enum(['on', 'off']).default('on'),
  /** `off`: owners cannot appoint others to report for them, and the page for it does not exist. */
  TRUSTED_PERSONS: z.enum(['on', 'off']).default('on'),
  /** `off`, or without ANTAM_PUSH_KEY: no notifications to devices (ADR 159). */
  WEB_PUSH: z.enum(['on', 'off']).default('on'),
  /** The push services that devices may use; `*.` matches any subdomain. */
  WEB_PUSH_SERVICES: z
    .string()
    .default(
      'fcm.googleapis.com *.push.services.mozilla.com web.push.apple.com *.push.apple.com *.notify.windows.com',
    )
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .refine(
      (all) => all.every((one) => /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/.test(one)),
      'must be host names such as fcm.googleapis.com or *.notify.windows.com, with blanks between',
    ),
  /** The private key that identifies us to push services (VAPID). */
  ANTAM_PUSH_KEY: secret(key.refine(isPrivateKey, 'must be another one: this is no key of P-256').optional()),
  /** `off`: reports cannot be rehearsed, and the page for it does not exist. */
  REHEARSAL: z.enum(['on', 'off']).default('on'),
  /** `off`: banks and wallets get no alerts about lost phones, and their API does not exist. */
  ALERTS: z.enum(['on', 'off']).default('on'),
  /** `on`: carriers may watch a phone before it is blocked, and its holder is asked to hand it in. On in the demonstration. */
  RECOVERY: z.enum(['on', 'off']).default('off'),
  SMS_HTTP_URL: gateway.optional(),
  SMS_HTTP_TOKEN: secret(z.string().min(1).optional()),
  /** `on`: SMS keep their Vietnamese diacritics, and need about twice as many segments. */
  SMS_DIACRITICS: z.enum(['on', 'off']).default('off'),
  /** Zalo's notification service, tried before SMS: the app of its Official Account, and the first refresh token. */
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
  /** Verifies the gateway's delivery reports; without it none are accepted. */
  SMS_REPORT_SECRET: secret(webhookSecret.optional()),
  /** Verifies the cases from the city's one-stop system; without it they only come as a table. */
  VOLUMES_SECRET: secret(webhookSecret.optional()),
}

const PASSKEYS = {
  /** The groups that must sign in and confirm only with a passkey: `police,relay`. A member without one is led to register it. */
  PASSKEYS_REQUIRED: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .pipe(z.array(z.enum(PASSKEY_GROUPS, 'must be of police, relay, admin, auditor, with commas between')))
    .default([]),
}

/** The maximum age of the last complete backup; by default 36 hours, once a backup exists. */
const BACKUP = { BACKUP_MAX_HOURS: z.coerce.number().int().min(1).max(8760).optional() }

/** The virus scanner that checks evidence before police open it (ADR 91); without host or socket there is no scan. */
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

/** The store of files (ADR 83). The variables of S3 credentials are those of all S3 tools. */
const STORAGE = {
  STORAGE_URL: storageUrl.optional(),
  /** The second store, read for files that the first does not have, while files move between them. */
  STORAGE_URL_ALSO: storageUrl.optional(),
  AWS_ACCESS_KEY_ID: secret(z.string().min(1).optional()),
  AWS_SECRET_ACCESS_KEY: secret(z.string().min(1).optional()),
  AWS_SESSION_TOKEN: secret(z.string().min(1).optional()),
  AWS_REGION: z.string().min(1).optional(),
}

/** Tells whether traffic to an address is protected: it is https, or stays on this machine. */
function isPrivate(address: string): boolean {
  const { protocol, hostname } = URL.parse(address) ?? {}
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname ?? '')
}

const WITNESS = /^(([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+))\+(https?:\/\/\S+)$/

/**
 * Tells whether a name fits in the message that a witness signs with ML-DSA-44: its length is one byte
 * (c2sp.org/tlog-cosignature).
 */
const hasOneByteLength = (name: string): boolean => Buffer.byteLength(name) <= 255

/** Witnesses of the audit log (ADR 133): for each the line of its key, a plus sign, and its address. */
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

/** Monitoring (ADR 85). */
const WATCHED = {
  /** The port of `/metrics`, `/live` and `/ready`, on web servers and workers; without it they are off. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** `on`: logs a line for each request with its route, status and time, and nothing about the client. */
  ACCESS_LOG: z.enum(['on', 'off']).default('off'),
  /** The collector of traces (OpenTelemetry, OTLP over HTTP), and the sampled share; without it there are no traces. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
}

/** Every variable that the product reads; docs/operations/configuration.md describes each for operators. */
export const SCHEMA = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  /** Number of web processes behind one port; by default from the machine's cores and memory (platform/web-processes.ts). */
  WEB_PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
  /** Database connections of all web processes together, or of a worker in addition to its queue's four. */
  DATABASE_CONNECTIONS: z.coerce.number().int().min(5).max(5_000).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The address for vulnerability reports: a page or a mailbox (mailto:). */
  SECURITY_CONTACT: z.url({ protocol: /^(https|mailto)$/ }).optional(),
  DATABASE_URL: secret(postgres),
  /** A replica, from which public pages and figures are read (read-replica.ts). */
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
  /** `city`: the database contains the demo city, and every page says so. Only in the embedded default. */
  DEMO: z.enum(['city', 'empty']).default('empty'),
  /** Seconds from "not ready" until a web server refuses requests; then the seconds that running requests may take. */
  DRAIN_DELAY: z.coerce.number().min(0).max(300).optional(),
  DRAIN_SECONDS: z.coerce.number().min(1).max(3600).default(120),
  LIMIT_SCALE: z.coerce.number().positive().default(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Wraps the case keys. `…_ALSO` is the previous or the next key, which still opens its values. */
  ANTAM_KEY: secret(versionedKey),
  ANTAM_KEY_ALSO: secret(versionedKey.optional()),
  /** Makes the blind indexes for finding sealed values; with `…_ALSO` both keys are searched. */
  ANTAM_INDEX_KEY: secret(versionedKey),
  ANTAM_INDEX_KEY_ALSO: secret(versionedKey.optional()),
  /** Hashes secrets, codes, sessions and addresses. */
  ANTAM_HASH_KEY: secret(key),
  /** The seed of the Ed25519 key that signs the audit log's checkpoints. Only for the worker. */
  ANTAM_AUDIT_KEY: secret(key.optional()),
  /** The previous key during a key change of the log. Only for `npm run audit:resume`. */
  ANTAM_AUDIT_KEY_ALSO: secret(key.optional()),
  /** The audit log's unique name: the address of its files without https://. */
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'must be a name without spaces and plus signs: antam.example.gov.vn/log/2026')
    .refine(hasOneByteLength, 'must be a name of 255 bytes at most')
    .optional(),
  /** The other signers of the log's heads, `KEY+URL` each, and how many of them must sign. */
  WITNESSES: witnesses.default([]),
  /** `on`: the witnesses are our own, for a demonstration, and are labelled as such. */
  WITNESSES_DEMO: z.enum(['on', 'off']).default('off'),
  WITNESS_QUORUM: z.coerce.number().int().min(1).max(32).optional(),
  /**
   * The public key that verifies the checkpoints, as one line. It is not secret. A process that has the seed does not need it.
   */
  ANTAM_AUDIT_PUBLIC_KEY: secret(
    z
      .string()
      .regex(/^\S+\+[0-9a-f]{8}\+\S+$/, 'must be a line as in AUDIT_DIR/verifier-key')
      .optional(),
  ),
  /** The seed of the Ed25519 key that signs files for carriers; `…_ALSO` is still listed among the public keys. */
  ANTAM_EXCHANGE_KEY: secret(key),
  ANTAM_EXCHANGE_KEY_ALSO: secret(key.optional()),
  NEXTAUTH_SECRET: secret(z.string().min(32)),
  /** The folder for checkpoints; by default `checkpoints` under DATA_DIR. */
  AUDIT_DIR: z.string().min(1).optional(),
  ...MESSAGES,
  /** Allowed targets of webhooks in addition to public HTTPS. Only for tests and trials. */
  PUSH_ALLOW: origins.default([]),
  /** The city's folder in cities/. The values of the city and the country are the defaults of the variables below. */
  CITY: z.enum(cityNames()).default('hcm'),
  AUTHORITY_NAME: z.string().min(1),
  /** The office that presents the survey's report to the City: in its heading, and abbreviated after its number. */
  REPORT_OFFICE: z.string().min(1).max(120),
  REPORT_OFFICE_EN: z.string().min(1).max(120),
  REPORT_OFFICE_SHORT: z
    .string()
    .regex(/^[\p{L}\d]{1,20}$/u, 'must be letters and digits, as behind a document’s number: SNV'),
  /** Minutes for which one code allows acts of its kind on a device; 0: each act asks for a code. */
  STEP_UP_MINUTES: z.coerce.number().min(0).max(720).default(30),
  /** Hours for which a new, reset or changed account is read-only. */
  ACCOUNT_WAIT_HOURS: z.coerce.number().min(0).max(720).default(24),
  /**
   * Blocks wait for two people of the relay if an hour has more of them than both this number and this share of a carrier's
   * list.
   */
  GUARD_ORDERS: z.coerce.number().int().min(1).default(200),
  GUARD_PERCENT: z.coerce.number().min(0).max(100).default(5),
  /** Files without evidence wait for a person's decision if they exceed this number, or this share of all files. */
  SWEEP_FILES: z.coerce.number().int().min(1).default(500),
  SWEEP_PERCENT: z.coerce.number().min(0).max(100).default(5),
  /** `off`: the page of the first hour (`/gio-dau`) does not exist. */
  FIRST_HOUR: z.enum(['on', 'off']).default('on'),
  /** `off`: messages carry no code for checking their sender at `/xac-minh`. */
  MESSAGE_CODES: z.enum(['on', 'off']).default('on'),
  /** `off`: evidence files are not searched for IMEIs. Once it is on, files from the meantime are read too. */
  PROOF_READING: z.enum(['on', 'off']).default('on'),
  /** Number of files that a worker reads at once; each needs a core and up to a gigabyte. */
  PROOF_READERS: z.coerce.number().int().min(1).max(16).default(2),
  ...WATCHED,
  ...STORAGE,
  ...RETENTION,
  /** The contact for questions about personal data, shown in the privacy notice. */
  PRIVACY_CONTACT: z.string().min(3).optional(),
  /** The contact for questions about answers that are not counted. */
  SURVEY_CONTACT: z.string().min(3).optional(),
  /** The licence of the survey's figures and those of `/so-lieu`, and its address. */
  DATA_LICENCE: z.string().min(1).max(60).default('CC BY 4.0'),
  DATA_LICENCE_URL: z.url({ protocol: /^https$/ }).default('https://creativecommons.org/licenses/by/4.0/'),
  /** Printed on every order to a carrier. */
  LEGAL_BASIS: z.string().min(1),
  /** The legal bases for complaints against police decisions, and for lawsuits. */
  COMPLAINT_BASIS: z.string().min(1),
  SUIT_BASIS: z.string().min(1),
  /** The legal basis on which a carrier stops a SIM in another phone until its subscriber's face is verified. */
  SUBSCRIBER_BASIS: z.string().min(1),
  /** The phone number for the whole city, shown if a unit's own number is unknown. */
  CITY_HOTLINE: z.string().regex(/^\+?\d{3,13}$/, 'must be a number as it is dialled: 1022'),
  ...OIDC,
  ...PASSKEYS,
  ...BACKUP,
  ...CLAMD,
})

/** The variables' names, for the test that the documents name each of them. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape)

/** The variables that may be given as `NAME_FILE`. */
export const SECRETS: readonly string[] = Object.entries(SCHEMA.shape).flatMap(([name, type]) =>
  type.meta()?.secret === true ? [name] : [],
)

export type Env = Readonly<z.output<typeof SCHEMA>>
