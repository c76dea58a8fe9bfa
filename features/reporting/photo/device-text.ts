import type { Grey } from '#lib/imei/pixels.ts'
import { pgmOf, readTextInPasses } from '#lib/imei/text-passes.ts'

/** Served from our own origin under content hashes: the program, its WebAssembly and its trained data. */
const program = new URL('tesseract.js/dist/worker.min.js', import.meta.url).href
const core = new URL('tesseract.js-core/tesseract-core-simd-lstm.wasm.js', import.meta.url).href
const learnt = new URL('@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz', import.meta.url).href

/** Tesseract's `OEM_LSTM_ONLY`: reads lines by neural network only. */
const LSTM_ONLY = 1
/** Tesseract's `PSM_SPARSE_TEXT`: text in no particular order. */
const SPARSE = '11'
/** Percentage of the progress bar for downloading. */
const FETCHED = 40

interface Answer {
  readonly jobId: string
  readonly status: 'resolve' | 'reject' | 'progress'
  readonly data: { readonly text?: string }
}

/**
 * Sends messages to tesseract.js's worker directly (version 7, src/createWorker.js). Its 60 KB client does the same, but loads
 * trained data only from a folder, under a name without a content hash.
 */
function startTesseract() {
  const worker = new Worker(program)
  let jobs = 0
  const ask = (action: string, payload: unknown): Promise<Answer['data']> =>
    new Promise((resolve, reject) => {
      const jobId = String(++jobs)
      const hear = ({ data }: MessageEvent<Answer>) => {
        if (data.jobId !== jobId || data.status === 'progress') return
        worker.removeEventListener('message', hear)
        if (data.status === 'resolve') resolve(data.data)
        else reject(new Error(action))
      }
      worker.addEventListener('message', hear)
      worker.addEventListener('error', reject, { once: true })
      worker.postMessage({ workerId: 'text', jobId, action, payload })
    })
  return { ask, end: () => worker.terminate() }
}

async function fetched(url: string, progress: (share: number) => void): Promise<Uint8Array> {
  const answer = await fetch(url)
  if (!answer.ok || answer.body === null) throw new Error(url)
  const whole = Number(answer.headers.get('content-length')) || 3_000_000
  const parts: Uint8Array[] = []
  let bytes = 0
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    bytes += value.length
    progress(Math.min(1, bytes / whole))
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

/** Reads the lines of text that show an IMEI. `progress` receives percentages. */
export async function readLines(grey: Grey, progress: (percent: number) => void): Promise<readonly string[]> {
  const { ask, end } = startTesseract()
  try {
    const data = await fetched(learnt, (share) => progress(Math.round(share * FETCHED)))
    await ask('load', { options: { lstmOnly: true, corePath: core, logging: false } })
    const langs = [{ code: 'eng', data }]
    await ask('loadLanguage', { langs, options: { cacheMethod: 'none', gzip: true, lstmOnly: true } })
    await ask('initialize', { langs: 'eng', oem: LSTM_ONLY, config: {} })
    await ask('setParameters', { params: { tessedit_pageseg_mode: SPARSE } })
    return await readTextInPasses(
      async (picture) => {
        const { text = '' } = await ask('recognize', {
          image: pgmOf(picture),
          options: {},
          output: { text: true },
        })
        return text.split('\n')
      },
      grey,
      { progress: (at, of) => progress(FETCHED + Math.round(((100 - FETCHED) * at) / of)) },
    )
  } finally {
    end()
  }
}
