import { setTimeout as sleep } from 'node:timers/promises'
import { untilAdmitted } from '#http/admission.ts'
import { completeAnswers } from '#http/http-answers.ts'
import { env } from '#platform/env.ts'
import { joinEmbedded } from './embedded.ts'
import { giveUp } from './process.ts'
import { withoutSigningKey } from './signing-key.ts'

// `npm run web` begins before Next asks for it (instrumentation.ts), whose bundle is another.
const shared = globalThis as { antamBegun?: true }

/** Most starts tell a fault before anything is served. A database that is away is not waited for: health has to answer. */
const PATIENCE = 10_000

/**
 * Makes a process ready that serves the site, whichever command started it. Without DATABASE_URL it joins the embedded
 * installation that runs over DATA_DIR. Ends the process where its environment, keys or store are not right.
 */
export async function beginToServe(): Promise<void> {
  if (shared.antamBegun) return
  shared.antamBegun = true
  try {
    joinEmbedded()
    withoutSigningKey(process.env)
    const { HOST, PORT, PUBLIC_URL } = env()
    process.env.NEXTAUTH_URL ??= PUBLIC_URL ?? `http://${HOST}:${PORT}`
    completeAnswers()
    const admission = untilAdmitted().then((faults) => {
      if (faults.length > 0) giveUp(faults.join('\n'))
    })
    await Promise.race([admission, sleep(PATIENCE)])
  } catch (error) {
    giveUp(error)
  }
}
