/** What many ask for at the same moment is read once, and all have the answer. Only for what is right however long ago it was asked for. */
export class SharedReads<T> {
  private readonly underWay = new Map<string, Promise<T>>();

  read(key: string, read: () => Promise<T>): Promise<T> {
    const standing = this.underWay.get(key);
    if (standing !== undefined) return standing;
    const begun = read().finally(() => this.underWay.delete(key));
    this.underWay.set(key, begun);
    return begun;
  }
}
