import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { audit } from '#features/audit/entries/acts.ts'
import { ENTRY_VERSION } from '#features/audit/entries/rules.ts'
import { placeOfEntry } from '#features/audit/proofs/data.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { fromBase64 } from '#lib/transparency/base64.ts'
import { leafHash, rootFromInclusion } from '#lib/transparency/tree.ts'
import { transaction } from '#platform/db.ts'
import { deferStatement } from '#platform/deferred-writes.ts'
import { env } from '#platform/env.ts'
import { sha256 } from '#platform/signatures.ts'
import type { Bed } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, difference, type Figure, interleave, median, ratio } from './measure.ts'

const SIZES = { few: 10_000, many: 1_000_000, most: Number(process.env.BENCH_LEAVES ?? 10_000_000) } as const
type Size = keyof typeof SIZES

const ROUNDS = 12
/** Acts per round and side, and how many of them in parallel. */
const ACTS = 2_000
const AT_ONCE = 8
/** Proofs per round. */
const PROOFS = 200

/** Returns how much deeper the larger tree is: a logarithmic cost may grow by this factor. */
const deeper = (size: Size): number => Math.log2(SIZES[size]) / Math.log2(SIZES.few)

/** Returns acts per second. */
async function rate(act: () => Promise<unknown>, afterwards: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  let left = ACTS
  const work = async () => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await afterwards()
  return (ACTS / (performance.now() - started)) * 1000
}

/** Seals the current log with its own checkpoints: beside another log's checkpoints nothing would be signed. */
function sealIn(log: Size): Promise<number> {
  Object.assign(env(), { AUDIT_DIR: join(env().DATA_DIR, 'checkpoints', log) })
  return sealLog()
}

/** Measures a change and its audit entry in one transaction, and the sealing of the entries. */
async function writes(bed: Bed): Promise<Figure[]> {
  const url = await bed.log(SIZES.few)
  const client = connect(url)
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c timezone=UTC' })
  const facts = { from: 'verified', to: 'blocking', version: 4, reasonCode: null }
  const hash = Buffer.alloc(32, 7)
  const product = (id: string) =>
    transaction(async (tx) => {
      await deferStatement(tx, Prisma.sql`INSERT INTO bench_rows (written) VALUES (${id})`)
      const subject = { kind: 'case', id } as const
      const actor = { kind: 'staff', id } as const
      await audit(tx, {
        actor,
        act: 'case.approve',
        subject,
        facts,
        before: hash,
        after: hash,
        at: new Date(),
      })
    })
  const plain = async (id: string) => {
    const one = await pool.connect()
    try {
      await one.query('BEGIN')
      await one.query({ name: 'row', text: 'INSERT INTO bench_rows (written) VALUES ($1)', values: [id] })
      await one.query({
        name: 'entry',
        text: `INSERT INTO audit_entries (at, actor_kind, actor_id, act, subject_kind, subject_id, request_id, facts,
                 v, case_id, before_hash, after_hash) VALUES ($1, 'staff', $2, 'case.approve', 'case', $2, NULL, $3, $4, $2, $5, $5)`,
        values: [new Date(), id, facts, ENTRY_VERSION, hash],
      })
      await one.query('COMMIT')
    } finally {
      one.release()
    }
  }
  /** Writes the same with the product's own client, to separate the cost of the audit from that of the client. */
  const sameClient = (id: string) =>
    transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO bench_rows (written) VALUES (${id})`
      await tx.$executeRaw`
        INSERT INTO audit_entries (at, actor_kind, actor_id, act, subject_kind, subject_id, facts, v, case_id, before_hash, after_hash)
        VALUES (${new Date()}, 'staff', ${id}, 'case.approve', 'case', ${id}, ${facts}, ${ENTRY_VERSION}, ${id}, ${hash}, ${hash})`
    })
  const nothing = async () => {}
  async function beside(
    what: string,
    baseline: (id: string) => Promise<unknown>,
    afterwards: () => Promise<unknown>,
    target: Figure['target'],
  ): Promise<Figure> {
    const times = await interleave(ROUNDS, {
      product: () => rate(() => product(randomUUID()), afterwards),
      // This side's entries are sealed outside its time, so that neither side leaves extra work to the other.
      baseline: async () => {
        await sealIn('few')
        const done = await rate(() => baseline(randomUUID()), nothing)
        await sealIn('few')
        return done
      },
    })
    return ratio(what, 'acts/s', times, target)
  }
  try {
    answerFrom(client)
    return [
      await beside('audited writes', plain, nothing, { atLeast: 0.6 }),
      await beside('audited writes and their sealing', plain, () => sealIn('few'), null),
      await beside('audited writes, plain SQL by the same client', sameClient, nothing, null),
    ]
  } finally {
    answerFrom(null)
    await client.$disconnect()
    await pool.end()
  }
}

/**
 * Measures proofs of inclusion from logs of three sizes; each is verified against the signed root outside the measured
 * time.
 */
async function proofs(bed: Bed): Promise<Figure[]> {
  const clients = {
    few: connect(await bed.log(SIZES.few)),
    many: connect(await bed.log(SIZES.many)),
    most: connect(await bed.log(SIZES.most)),
  }
  const side = (size: Size) => async () => {
    answerFrom(clients[size])
    const times: number[] = []
    for (let asked = 0; asked < PROOFS; asked++) {
      const index = Math.floor(Math.random() * SIZES[size])
      const started = performance.now()
      const place = await placeOfEntry(index + 1)
      times.push(performance.now() - started)
      if (!place || !(await leads(index, place)))
        throw new Error(`no proof of leaf ${index} of ${SIZES[size]}`)
    }
    return median(times)
  }
  try {
    for (const size of Object.keys(clients) as Size[]) {
      answerFrom(clients[size])
      await sealIn(size)
    }
    const { few, many, most } = await interleave(ROUNDS, {
      few: side('few'),
      many: side('many'),
      most: side('most'),
    })
    const ofMost = SIZES.most.toLocaleString('en')
    return [
      difference(`a proof among ${ofMost}`, 'ms', median(most), 0, { atMost: 20 }),
      ratio(
        `among ${SIZES.many.toLocaleString('en')} beside 10,000`,
        'ms',
        { product: many, baseline: few },
        {
          atMost: deeper('many'),
        },
      ),
      ratio(
        `among ${ofMost} beside 10,000`,
        'ms',
        { product: most, baseline: few },
        { atMost: deeper('most') },
      ),
    ]
  } finally {
    answerFrom(null)
    await Promise.all(Object.values(clients).map((client) => client.$disconnect()))
  }
}

type Place = NonNullable<Awaited<ReturnType<typeof placeOfEntry>>>

async function leads(
  index: number,
  { index: shown, leaf, size, proof, checkpoint }: Place,
): Promise<boolean> {
  const hash = fromBase64(leaf)
  const wanted = leafHash(sha256, new TextEncoder().encode(String(index)))
  const path = proof.map(fromBase64).filter((one) => one !== null)
  const root = hash && (await rootFromInclusion(sha256, hash, shown, size, path))
  const said = fromBase64(checkpoint.split('\n')[2] ?? '')
  return (
    Boolean(hash && root && said) &&
    Buffer.compare(hash as Uint8Array, wanted) === 0 &&
    Buffer.compare(root as Uint8Array, said as Uint8Array) === 0
  )
}

/** Measures the cost of the audit log for a writer, and of a proof of inclusion in logs of any length. */
export async function seal(bed: Bed): Promise<Bench> {
  return { name: 'seal', figures: [...(await proofs(bed)), ...(await writes(bed))] }
}
