const host = /^(https?:\/\/)?(\*\.)?[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?(:\d{1,5})?\/?$/iu

/** siteProblem finds what is surely no site (a path, a space); the server looks closer. */
export function siteProblem(site: string): boolean {
  return !host.test(site.trim())
}
