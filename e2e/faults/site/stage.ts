import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../scripts/free-port.ts'
import type { Secrets } from '../../../scripts/secrets.ts'
import { S3_KEYS, type S3Server, startS3 } from '../../../tests/s3-server.ts'
import { type SmsGateway, startSmsGateway } from '../../../tools/gateways/sms.ts'
import { Clocks, carrierEnv, layGround, makeDataDir } from '../ground.ts'
import { Kept, scriptOf } from '../kept.ts'
import type { Draw } from '../seeded.ts'
import { type Balancer, balance } from './balancer.ts'
import { type Databases, type Half, startDatabases } from './databases.ts'
import { type SmallDisk, smallDisk } from './small-disk.ts'

export const STORES = ['s3', 'disk'] as const
export type Store = (typeof STORES)[number]

/**
 * A whole site on one machine: two web servers behind a proxy, two workers, the carriers, an SMS gateway, the
 * evidence store, and two databases.
 */
export interface Stage {
  readonly dataDir: string
  readonly webs: readonly Kept[]
  /** The port of each web server, in the order of `webs`. */
  readonly ports: readonly number[]
  readonly workers: readonly Kept[]
  readonly carriers: Kept
  readonly balancer: Balancer
  readonly databases: Databases
  readonly sms: SmsGateway
  /** The evidence store if it is S3; null if it is a disk. */
  readonly s3: S3Server | null
  /** The disks that can be filled; null if they are the machine's own. */
  readonly disks: { readonly evidence: SmallDisk | null; readonly checkpoints: SmallDisk | null }
  readonly carrierKeys: ReadonlyMap<string, string>
  readonly clocks: Clocks
  close(): Promise<void>
}

/** Size of the small disks, in MB. */
const EVIDENCE = 200
/** For a cluster with its WAL, in MB. The cluster itself takes some 150 MB. */
const DATABASE = 500
const CHECKPOINTS = 4

/** Functions that end parts of a run, called in reverse order. */
type Ends = (() => unknown)[]

async function endAll(ends: Ends): Promise<void> {
  for (const end of ends.toReversed()) await end()
}

/** Sets the site up. If that fails, it removes all parts again. */
export async function setStage(draw: Draw, store: Store): Promise<Stage> {
  const ends: Ends = []
  try {
    return await set(draw, store, ends)
  } catch (error) {
    await endAll(ends)
    throw error
  }
}

async function set(draw: Draw, store: Store, ends: Ends): Promise<Stage> {
  const dataDir = makeDataDir()
  ends.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const paths = { evidence: join(dataDir, 'store'), checkpoints: join(dataDir, 'checkpoints') }
  const small = (path: string, megabytes: number) => {
    const disk = smallDisk(path, megabytes)
    ends.push(() => disk?.unmount())
    return disk
  }
  const disks = {
    evidence: store === 'disk' ? small(paths.evidence, EVIDENCE) : null,
    checkpoints: small(paths.checkpoints, CHECKPOINTS),
  }
  const halves = ['one', 'two'].map((name): Half => {
    const path = join(dataDir, 'databases', name)
    return { path, disk: small(path, DATABASE) }
  })
  const s3 = store === 's3' ? await startS3() : null
  ends.push(() => s3?.close())
  const [token, reportSecret] = ['not-a-secret-of-anybody', Buffer.alloc(32, 7).toString('base64')]
  const sms = await startSmsGateway({ token, reportSecret, reportAfterMs: 1_000 })
  ends.push(() => sms.stop())
  const ports = [await freePort(), await freePort()]
  const balancer = await balance(ports)
  ends.push(() => balancer.close())
  const start = async (passwords: Secrets['database']) => {
    const databases = await startDatabases(halves, passwords)
    ends.push(() => databases.close())
    return databases
  }
  const ground = await layGround(dataDir, start, {
    PUBLIC_URL: balancer.url,
    TRUSTED_PROXIES: '1',
    WEB_PROCESSES: '1',
    // The proxy checks health three times a second, so two seconds are enough.
    DRAIN_DELAY: '2',
    STORAGE_URL: s3?.url ?? `file:${paths.evidence}`,
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    AUDIT_DIR: paths.checkpoints,
    SMS_HTTP_URL: sms.url,
    SMS_HTTP_TOKEN: token,
    SMS_REPORT_SECRET: reportSecret,
    E2E_URL: balancer.url,
    E2E_DATA_DIR: dataDir,
  })
  const { database: databases, carrierKeys } = ground

  const clocks = new Clocks(draw, ['', '', '+3h', '-3h'])
  const keep = (name: string, args: readonly string[], env: NodeJS.ProcessEnv, clock: () => string) =>
    new Kept(name, scriptOf(name.split(' ')[0] ?? name), args, env, clock)
  // Web servers always have the right time. Contact codes last ten minutes, so servers six hours apart could
  // not share them, which is no fault of the product.
  const right = () => ''
  const webs = ports.map((port, at) =>
    keep(`web ${at + 1}`, [], { ...process.env, PORT: String(port) }, right),
  )
  const workers = [1, 2].map((nth) => keep(`worker ${nth}`, [], { ...process.env }, clocks.next))
  ends.push(() => Promise.all([...webs, ...workers].map((one) => one.stop())))
  const carriers = keep('carriers', ['--url', balancer.url], carrierEnv(dataDir, carrierKeys), clocks.next)
  ends.push(() => carriers.stop())
  return {
    dataDir,
    webs,
    ports,
    workers,
    carriers,
    balancer,
    databases,
    sms,
    s3,
    disks,
    carrierKeys,
    clocks,
    close: () => endAll(ends),
  }
}
