import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, S3Server } from '../../../../tests/s3-server.ts'
import { between, type Fault, type Faults, type Scene, until } from '../scene.ts'
import type { SmallDisk } from '../small-disk.ts'
import type { Stage } from '../stage.ts'

const ASKED: readonly Operation[] = [
  'PutObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
]
/** Longer than a readiness check waits, shorter than the product waits for one request. */
const SLOW = { slow: 4_000 }
/** All attempts at one part, so that the product gives the upload up. */
const CUTS = 3
/** How often a person sends a proof again that the store refused. */
const MOST_REFUSED = 10

const onS3 = (happen: (s3: S3Server, scene: Scene) => Promise<void>): Fault => ({
  impossible: ({ s3 }) => (s3 ? null : 'this run keeps its evidence on a disk (--store s3)'),
  happen: async (scene) => {
    if (scene.stage.s3) await happen(scene.stage.s3, scene)
  },
})

const onDisk = (diskOf: (stage: Stage) => SmallDisk | null, why: string): Fault => ({
  impossible: (stage) => (diskOf(stage) ? null : why),
  happen: async ({ stage, draw }) => {
    const disk = diskOf(stage)
    disk?.fill()
    await sleep(between(draw, 6_000, 10_000))
    disk?.empty()
  },
})

/** Cuts the connection while the product uploads a part of a large proof, at each attempt at that part. */
async function cutUpload(s3: S3Server, { people, notes, wrong }: Scene): Promise<void> {
  let refused = 0
  const proofBy: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (answer.status !== 503 || refused === MOST_REFUSED) return answer
    refused++
    await answer.body?.cancel()
    await sleep(1_000)
    return proofBy(input, init)
  }
  const begun = s3.asked.length
  const isUnderWay = () => s3.asked.slice(begun).includes('UploadPart')
  const filing = people.report({ large: true, proofBy }).catch((error: unknown) => {
    wrong.push(`an upload that S3 cut: ${error instanceof Error ? error.message : error}`)
  })
  if (await until(isUnderWay, 5)) s3.fail('UploadPart', 'cut-request', CUTS)
  await filing
  s3.mend()
  notes.uploadsCut = (notes.uploadsCut ?? 0) + refused
}

const NO_DISK = 'only root mounts small disks'

export const FILE_FAULTS: Faults = {
  'S3 away': onS3(async (s3, { draw }) => {
    await s3.listen(false)
    await sleep(between(draw, 4_000, 10_000))
    await s3.listen(true)
  }),
  'S3 slow': onS3(async (s3, { draw }) => {
    for (const operation of ASKED) s3.fail(operation, SLOW, Number.POSITIVE_INFINITY)
    await sleep(between(draw, 6_000, 12_000))
    s3.mend()
  }),
  'S3 cut in the middle of an upload': onS3(cutUpload),
  'no room on the disk of the evidence': onDisk(
    ({ disks }) => disks.evidence,
    `this run keeps its evidence on S3 (--store disk), or ${NO_DISK}`,
  ),
  'no room for checkpoints': onDisk(({ disks }) => disks.checkpoints, NO_DISK),
}
