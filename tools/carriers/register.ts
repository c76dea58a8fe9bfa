import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Entry, Result } from './interface-client.ts'

interface Contents {
  /** The last line of the book that was carried out. */
  seq: number
  /** The phones on the list: IMEI to the reasons of its blocks. */
  listed: Record<string, string[]>
  /** The same of drills, whose numbers are no phone's. */
  drilled: Record<string, string[]>
  /** Results that the authority has not confirmed yet. */
  owed: Result[]
}

/**
 * An Equipment Identity Register in a file. The list, how far the book was carried out and the results still to be
 * told are one file, replaced whole: after a crash at any moment they agree.
 */
export class Register {
  readonly path: string
  #contents: Contents = empty()
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string) {
    this.path = path
  }

  static async open(path: string): Promise<Register> {
    await mkdir(dirname(path), { recursive: true })
    const register = new Register(path)
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text !== null) register.#contents = { ...empty(), ...JSON.parse(text) }
    return register
  }

  get seq(): number {
    return this.#contents.seq
  }

  get owed(): readonly Result[] {
    return this.#contents.owed
  }

  /** Deletes everything: the book is not the one that was carried out. */
  clear(): Promise<void> {
    this.#contents = empty()
    return this.#save()
  }

  /** Carries out lines of the book at `at`; a line that `refuse` gives a code for changes nothing. */
  async carryOut(entries: readonly Entry[], refuse: string | null, at: Date): Promise<void> {
    for (const entry of entries) {
      const told = refuse === null ? this.#apply(entry) : ({ outcome: 'rejected', code: refuse } as const)
      this.#contents.owed.push({
        order: entry.order,
        imei: entry.imei,
        ...told,
        at: at.toISOString(),
      })
      this.#contents.seq = entry.seq
    }
    await this.#save()
  }

  #apply({ imei, action, reason, drill }: Entry): Pick<Result, 'outcome'> {
    const list = drill ? this.#contents.drilled : this.#contents.listed
    const reasons = list[imei]
    if (action === 'unblock') {
      delete list[imei]
      return { outcome: reasons ? 'applied' : 'not_found' }
    }
    list[imei] = [...new Set([...(reasons ?? []), reason])].sort()
    return { outcome: reasons ? 'already' : 'applied' }
  }

  /** Notes that the first `count` results have been answered; those to be told `again` stay owed. */
  async confirmed(count: number, again: readonly Result[]): Promise<void> {
    this.#contents.owed.splice(0, count, ...again)
    await this.#save()
  }

  /** Saves the file, one writing after another: lines may be carried out while results are confirmed. */
  #save(): Promise<void> {
    this.#written = this.#written.catch(() => {}).then(() => this.#write())
    return this.#written
  }

  async #write(): Promise<void> {
    const temporary = `${this.path}.new`
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(this.#contents))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, this.path)
  }
}

const empty = (): Contents => ({ seq: 0, listed: {}, drilled: {}, owed: [] })
