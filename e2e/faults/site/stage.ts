import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type SmsGateway, startSmsGateway } from '../../../scripts/gateways/sms.ts'
import { S3_KEYS, type S3Server, startS3 } from '../../../tests/s3-server.ts'
import { freePort } from '../../product.ts'
import { Clocks, carrierEnv, layGround, makeDataDir } from '../ground.ts'
import { Kept } from '../kept.ts'
import type { Draw } from '../seeded.ts'
import { type Balancer, balance } from './balancer.ts'
import { type Databases, startDatabases } from './databases.ts'
import { type SmallDisk, smallDisk } from './small-disk.ts'

/** Where a run keeps its evidence. */
export const STORES = ['s3', 'disk'] as const
export type Store = (typeof STORES)[number]

/**
 * A whole site on one machine: two web servers behind a proxy, two workers, the carriers, an SMS gateway, the store of
 * evidence, and two databases.
 */
export interface Stage {
  readonly dataDir: string
  readonly webs: readonly Kept[]
  /** Where each web server listens, in their order. */
  readonly ports: readonly number[]
  readonly workers: readonly Kept[]
  readonly carriers: Kept
  readonly balancer: Balancer
  readonly databases: Databases
  readonly sms: SmsGateway
  /** The store of evidence where it is S3; null where it is a disk. */
  readonly s3: S3Server | null
  /** The disks that can be filled; null where they are the machine's own. */
  readonly disks: { readonly evidence: SmallDisk | null; readonly checkpoints: SmallDisk | null }
  readonly carrierKeys: ReadonlyMap<string, string>
  readonly clocks: Clocks
  close(): Promise<void>
}

/** Room on the small disks, in MB. */
const EVIDENCE = 200
const CHECKPOINTS = 4

export async function setStage(draw: Draw, store: Store): Promise<Stage> {
  const dataDir = makeDataDir()
  const ports = [await freePort(), await freePort()]
  const balancer = await balance(ports)
  const s3 = store === 's3' ? await startS3() : null
  const paths = { evidence: join(dataDir, 'store'), checkpoints: join(dataDir, 'checkpoints') }
  const disks = {
    evidence: s3 ? null : smallDisk(paths.evidence, EVIDENCE),
    checkpoints: smallDisk(paths.checkpoints, CHECKPOINTS),
  }
  const [token, reportSecret] = ['not-a-secret-of-anybody', Buffer.alloc(32, 7).toString('base64')]
  const sms = await startSmsGateway({ token, reportSecret, reportAfterMs: 1_000 })
  const ground = await layGround(dataDir, (passwords) => startDatabases(dataDir, passwords), {
    PUBLIC_URL: balancer.url,
    TRUSTED_PROXIES: '1',
    WEB_PROCESSES: '1',
    // The proxy asks for health three times a second.
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
  // People's codes last ten minutes: what two web servers six hours apart make of them is no fault of the product's.
  const right = () => ''
  const webs = ports.map(
    (port, at) =>
      new Kept(`web ${at + 1}`, 'scripts/web.ts', [], { ...process.env, PORT: String(port) }, right),
  )
  const workers = [1, 2].map(
    (nth) => new Kept(`worker ${nth}`, 'scripts/worker.ts', [], { ...process.env }, clocks.next),
  )
  const carriers = new Kept(
    'carriers',
    'scripts/carriers.ts',
    ['--url', balancer.url],
    carrierEnv(dataDir, carrierKeys),
    clocks.next,
  )
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
    async close() {
      await carriers.stop()
      await Promise.all([...webs, ...workers].map((one) => one.stop()))
      balancer.close()
      await databases.close()
      await Promise.all([sms.stop(), s3?.close()])
      for (const disk of Object.values(disks)) disk?.unmount()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
