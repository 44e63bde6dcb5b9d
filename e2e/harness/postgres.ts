import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/** The private Postgres of the running program, to be taken away and given back. */
export class PrivatePostgres {
  private readonly folder = join(process.env.PARLEY_DATA ?? '', 'postgres')
  private readonly data = join(this.folder, 'data')
  private readonly away = join(this.folder, 'data.away')

  /**
   * Kills it as a crash would. The program starts it again at once, which cannot succeed before comeBack: the data is
   * somewhere else, as after a disk was unmounted.
   */
  goAway(): void {
    const postmaster = Number(
      readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0],
    )
    renameSync(this.data, this.away)
    process.kill(postmaster, 'SIGKILL')
  }

  /** The program finds the data again by itself. */
  comeBack(): void {
    renameSync(this.away, this.data)
  }
}
