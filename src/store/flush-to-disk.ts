import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Waits until a file's contents, or which files a folder has, are on the disk. */
export function flushToDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
