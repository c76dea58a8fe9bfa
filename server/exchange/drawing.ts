import '#server-only'
import { parentPort, workerData } from 'node:worker_threads'
import { letterPdf } from '#components/paper/letter/document.ts'
import type { LetterPaper } from '#components/paper/letter/words.ts'

// A thread of its own (commands/draw-letter.ts): drawing takes seconds in which nothing else on the same thread goes on.

parentPort?.postMessage(await letterPdf(workerData as LetterPaper))
