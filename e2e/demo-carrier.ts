import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir } from './fixtures.ts'

/** Sets how a demo carrier treats its orders from now on (tools/carriers/behaviour.ts). */
export const behave = (carrier: string, mode: 'away' | 'apply', answerDelayMs = 0): void =>
  writeFileSync(join(dataDir(), 'eir', `${carrier}.behaviour.json`), JSON.stringify({ mode, answerDelayMs }))
