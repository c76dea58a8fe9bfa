import { spawnSync } from 'node:child_process'
import { chromiumPath } from '../e2e/chromium.ts'

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** The system's packages, as root: a browser, and letters with every Vietnamese diacritic. */
function installAsRoot(): boolean {
  if (process.getuid?.() !== 0) return false
  if (!succeeds('sh', ['-c', 'command -v apt-get >/dev/null'])) return false
  const packages = ['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji']
  return (
    succeeds('apt-get', ['update', '-qq']) &&
    succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
  )
}

/** Makes sure that there is a Chromium to test with; throws, saying what to do, when there cannot be one. */
export function ensureChromium(): void {
  if (chromiumPath()) return
  console.error('Installing Chromium …')
  if (installAsRoot() && chromiumPath()) return
  if (succeeds('playwright', ['install', 'chromium'])) return
  throw new Error('No Chromium was found and none could be installed: install it, or set CHROMIUM_PATH.')
}
