import type { Words } from '../words/words'
import { Quiet } from './bubble'
import type { Draft } from './draft'
import { Icon } from './icons'
import type { Tray, TrayFile } from './tray'

export function TrayView({ draft, words }: { draft: Draft; words: Words }) {
  const { tray, waiting } = draft
  const { files, rejected } = tray
  if (files.length === 0 && rejected.length === 0) {
    return null
  }
  return (
    <div class="tray">
      {files.map((file) => (
        <TrayRow key={file.id} file={file} tray={tray} words={words} />
      ))}
      {rejected.map(({ name, problem }) => (
        <p class="problem" role="alert">
          <Icon name="alert" />
          <span>{words.say(problem, { name })}</span>
        </p>
      ))}
      {waiting && (
        <p class="note" role="status">
          {words.say('sendsAfterUpload')}{' '}
          <Quiet onclick={() => draft.wait(false)}>{words.say('cancel')}</Quiet>
        </p>
      )}
    </div>
  )
}

function TrayRow({ file, tray, words }: { file: TrayFile; tray: Tray; words: Words }) {
  const { id, name, problem, attachment, share } = file
  const n = Math.round(share * 100)
  return (
    <div class={problem ? 'tray-file failed' : 'tray-file'}>
      <Icon name={problem ? 'alert' : 'file'} />
      <span>
        {problem ? (
          <span role="alert">{words.say(problem, { name })}</span>
        ) : (
          <span class="file-name">{name}</span>
        )}
        {attachment && <span class="file-size">{words.size(file.size)}</span>}
        {!problem && !attachment && (
          <progress value={share} max={1} aria-label={words.say('uploading', { name, n })} />
        )}
      </span>
      {file.mayRetry && <Quiet onclick={() => tray.retry(id)}>{words.say('retry')}</Quiet>}
      <button
        type="button"
        class="tool small"
        aria-label={words.say('remove', { name })}
        onclick={() => tray.remove(id)}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
