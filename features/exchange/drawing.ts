import '#server-only'
import { renderToBuffer } from '@react-pdf/renderer'
import { answerWork } from '#platform/child-worker.ts'
import { letterDocument } from './paper/letter.ts'
import type { LetterPaper } from './paper/letter-words.ts'

// Runs in a child process, which letters/jobs.ts starts.

answerWork<LetterPaper, Uint8Array>(
  async (letter) => new Uint8Array(await renderToBuffer(letterDocument(letter))),
)
