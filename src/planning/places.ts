import type { Area } from '../model/impact.ts'

const lockFiles = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'Cargo.lock',
  'go.sum',
  'poetry.lock',
  'uv.lock',
  'pdm.lock',
  'Pipfile.lock',
  'Gemfile.lock',
  'composer.lock',
  'gradle.lockfile',
  'packages.lock.json',
  'flake.lock',
])

const manifests = new Set([
  'package.json',
  'pnpm-workspace.yaml',
  'Cargo.toml',
  'go.mod',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'Pipfile',
  'Gemfile',
  'composer.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'CMakeLists.txt',
])

/** Names of files and folders that tell what a path is for, as regular expressions without nested repetition. */
const signs: { area: Area; sign: RegExp }[] = [
  { area: 'workflow', sign: /^\.github\/(workflows|actions)\/|^\.circleci\/|^\.gitlab-ci\.yml$|^\.buildkite\// },
  {
    area: 'configuration',
    sign: /^\.github\/pawl\.yml$|(^|\/)config\/|\.config\.[a-z]+$|(^|\/)tsconfig[^/]*\.json$|(^|\/)\.[a-z-]+rc(\.[a-z]+)?$|\.(ini|cfg|properties)$/,
  },
  { area: 'migration', sign: /(^|\/)(migrations?|alembic|migrate)\/|(^|\/)V\d[\d._]*__[^/]*\.sql$/ },
  {
    area: 'deployment',
    sign: /(^|\/)(Dockerfile|Containerfile)(\.[^/]*)?$|(^|\/)(docker-)?compose(\.[a-z-]+)?\.ya?ml$|\.tf$|(^|\/)(helm|charts|k8s|kubernetes|terraform|deploy)\/|(^|\/)(Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|serverless\.ya?ml|wrangler\.(toml|jsonc?)|Chart\.yaml)$/,
  },
  {
    area: 'secrets',
    sign: /(^|\/)\.env(\.[^/]*)?$|(^|\/)\.(npmrc|netrc|pypirc|htpasswd)$|\.(pem|key|p12|pfx|jks|keystore)$|(^|\/)secrets?(\.[^/]*)?$|(^|\/)secrets?\//,
  },
  {
    area: 'test',
    sign: /(^|\/)(tests?|__tests__|spec|specs|e2e|testdata|fixtures)\/|[._-](test|spec|e2e)\.[a-z]+$|(^|\/)test_[^/]+\.py$|_test\.(go|py|rb|exs?|c|cc|cpp|dart)$|(Test|Tests|IT)\.(java|kt|cs|scala|swift)$/,
  },
  { area: 'documentation', sign: /(^|\/)docs?\/|\.(md|mdx|rst|adoc)$|(^|\/)(LICENSE|NOTICE|AUTHORS)(\.[a-z]+)?$/ },
]

/** Every kind of sensitive place that a path is; none for plain code. */
export function areasOf(path: string): Area[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const areas = signs.filter(({ sign }) => sign.test(path)).map(({ area }) => area)
  if (lockFiles.has(name)) areas.push('lock file')
  if (manifests.has(name)) areas.push('manifest')
  return areas
}

/** A file that a runner of tests runs, and not merely something beside it. */
export function isTest(path: string): boolean {
  return /[._-](test|spec|e2e)\.[a-z]+$|(^|\/)test_[^/]+\.py$|_test\.(go|py|rb|exs?|c|cc|cpp|dart)$|(Test|Tests|IT)\.(java|kt|cs|scala|swift)$|(^|\/)(tests?|__tests__|spec|specs|e2e)\/[^.]+\.(m?[jt]sx?|c[jt]s|py|rs|rb|java|kt|go|c|cc|cpp|sh)$/.test(
    path,
  )
}

/** Text that runs: what tests should reach. */
export function isCode(path: string): boolean {
  if (!/\.(m?[jt]sx?|c[jt]s|vue|svelte|astro|py|go|rs|java|kt|scala|c|cc|cpp|h|hpp|cs|rb|php|swift|sh|sql)$/.test(path))
    return false
  const areas = areasOf(path)
  return !areas.includes('test') && !areas.includes('documentation')
}

export function directoryOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end < 0 ? '.' : path.slice(0, end)
}

export function isManifest(path: string): boolean {
  return manifests.has(path.slice(path.lastIndexOf('/') + 1))
}

/** A file whose directory is deployed as one thing. */
export function isDeployable(path: string): boolean {
  return /(^|\/)(Dockerfile|Containerfile|Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|serverless\.ya?ml|wrangler\.(toml|jsonc?)|Chart\.yaml)$/.test(
    path,
  )
}
