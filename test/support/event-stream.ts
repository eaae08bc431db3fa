/** One event of a stream, as it came. */
export interface ReadEvent {
  readonly id?: number;
  readonly event?: string;
  /** Parsed, where it is JSON. */
  readonly data?: any;
}

/** An answer in text/event-stream, read an event at a time; comments and `retry` are kept aside. */
export interface ReadStream {
  readonly status: number;
  readonly headers: Headers;
  readonly comments: string[];
  /** The next event, or undefined where the stream ended. */
  next(): Promise<ReadEvent | undefined>;
  /** So many events. */
  take(count: number): Promise<ReadEvent[]>;
  close(): void;
}

export async function openStream(
  url: string,
  init: RequestInit & { headers: Record<string, string> },
): Promise<ReadStream> {
  const controller = new AbortController();
  const answer = await fetch(url, { ...init, signal: controller.signal });
  const { comments, events } = reading(answer);
  const next = async () => (await events.next()).value;
  const take = async (count: number) => {
    const taken: ReadEvent[] = [];
    for (let event; taken.length < count && (event = await next()) !== undefined;) taken.push(event);
    return taken;
  };
  return { status: answer.status, headers: answer.headers, comments, next, take, close: () => controller.abort() };
}

function reading(answer: Response): { comments: string[]; events: AsyncGenerator<ReadEvent, undefined> } {
  const comments: string[] = [];
  async function* read(): AsyncGenerator<ReadEvent, undefined> {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event === undefined) comments.push(block);
        else yield event;
      }
    }
    return undefined;
  }
  return { comments, events: read() };
}

function eventOf(block: string): ReadEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1).trim()]),
  );
  const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (event === undefined && data === undefined) return undefined;
  return {
    ...(id === undefined ? {} : { id: Number(id) }),
    ...(event === undefined ? {} : { event }),
    ...(data === undefined ? {} : { data: data.startsWith('{') ? JSON.parse(data) : data }),
  };
}
