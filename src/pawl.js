#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// JavaScript, because loading what strips types off a first file costs more than all the others do from the second start on: then
// they come compiled out of this directory. Where it cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
await import('./cli.ts')
