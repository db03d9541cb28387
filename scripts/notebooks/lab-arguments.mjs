/** The arguments with which JupyterLab starts: for this machine alone, unless the user asks for more. */

/** What keeps others out: its name, its value, and what it means when the user chooses another one. */
const guards = [
  { name: 'ip', value: '127.0.0.1', isSafe: isLoopback,
    meaning: 'other machines can reach JupyterLab, unencrypted, and whoever has its token can run programs as you' },
  { name: 'allow_remote_access', value: 'False', meaning: 'pages on other machines’ names can reach JupyterLab' },
  { name: 'allow_origin', value: '', meaning: 'pages of other sites in your browser can talk to JupyterLab' },
  { name: 'allow_origin_pat', value: '', meaning: 'pages of other sites in your browser can talk to JupyterLab' },
  { name: 'disable_check_xsrf', value: 'False', meaning: 'pages of other sites in your browser can make JupyterLab act' },
]

/**
 * JupyterLab's arguments. Settings files of the machine cannot open it: each guard is an argument, unless the user's
 * own arguments name it.
 * @param {string} root the folder that JupyterLab shows
 * @param {string[]} words the user's arguments
 * @returns {{ args: string[], warnings: string[] }} the arguments, and a sentence for each guard that is off
 */
export function labArguments(root, words) {
  const ip = valueOf('ip', words), isOpen = ip !== null && !isLoopback(ip)
  // An address that other machines reach is of no use where their requests are refused.
  const chosen = guards.filter(({ name }) => !isOpen || name !== 'allow_remote_access')
    .map(guard => ({ ...guard, received: valueOf(guard.name, words) }))
  const warnings = chosen.filter(({ received, value, isSafe }) =>
    received !== null && !(isSafe ? isSafe(received) : received.toLowerCase() === value.toLowerCase()))
    .map(({ name, meaning }) => `--${name} as you ask: ${meaning}.`)
  if (valueOf('token', words) === '')
    warnings.push('No token, as you ask: every program and user of this machine can run programs as you.')
  return {
    args: [`--ServerApp.root_dir=${root}`, '--LabApp.default_url=/lab/tree/notebooks',
      ...chosen.filter(({ received }) => received === null).map(({ name, value }) => `--ServerApp.${name}=${value}`), ...words],
    warnings,
  }
}

/** The value of an option, such as --ip=0.0.0.0 or --ServerApp.ip 0.0.0.0; null where it is not named. */
function valueOf(name, words) {
  const pattern = new RegExp(`^--(?:\\w+\\.)?${name}(?:=(.*))?$`, 's')
  const at = words.findLastIndex(word => pattern.test(word))
  return at === -1 ? null : pattern.exec(words[at])[1] ?? words[at + 1] ?? ''
}

function isLoopback(address) {
  return /^(localhost|127(\.\d+){1,3}|::1|\[::1\])$/.test(address)
}
