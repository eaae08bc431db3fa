import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { type Page, PAGE_SIZE, PAGE_SIZE_MAX, TOKEN_AFTER } from '../http/page.js';
import type { Paging } from '../resource/resource.service.js';
import { holdRange } from './args-of.js';

// Relay connections (https://relay.dev/graphql/connections.htm) over the pages of REST: a cursor is the page token after its item.

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: `How many at most: 1 to ${PAGE_SIZE_MAX}, ${PAGE_SIZE} by default` })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'What comes after this cursor' })
  readonly after?: string | null;
}

@ObjectType('PageInfo')
export class PageInfoType {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;

  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor?: string | undefined;

  @Field(() => String, { nullable: true })
  readonly endCursor?: string | undefined;
}

/** Names the type `<Name>Connection`, and its `<Name>Edge`. */
export function connectionType<T extends object>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => node)
    readonly node!: T;

    @Field(() => String)
    readonly cursor!: string;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionOf {
    @Field(() => [node], { description: 'The items of this page' })
    readonly nodes!: readonly T[];

    @Field(() => [Edge], { description: 'The items of this page with their cursors' })
    readonly edges!: readonly Edge[];

    @Field(() => PageInfoType)
    readonly pageInfo!: PageInfoType;
  }
  return ConnectionOf as never;
}

/** Makes edges and cursors when they are asked for. */
export class Connection<T, Row = T> {
  constructor(
    private readonly page: Page<Row>,
    private readonly toNode: (row: Row) => T,
    private readonly args: PageArgs,
  ) {}

  get nodes(): readonly T[] {
    return this.page.items.map(this.toNode);
  }

  get edges(): readonly object[] {
    return this.page.items.map((row) => ({ node: this.toNode(row), cursor: this.page[TOKEN_AFTER](row) }));
  }

  get pageInfo(): PageInfoType {
    const { items, nextPageToken } = this.page;
    const cursor = (row: Row | undefined) => (row === undefined ? undefined : this.page[TOKEN_AFTER](row));
    return {
      hasNextPage: nextPageToken !== undefined,
      hasPreviousPage: typeof this.args.after === 'string',
      startCursor: cursor(items[0]),
      endCursor: cursor(items.at(-1)),
    };
  }
}

/** The page that the arguments ask for. Refuses (malformed) a size that REST refuses too. */
export function pagingOf({ first, after }: PageArgs): Paging {
  holdRange('first', first, 1, PAGE_SIZE_MAX);
  return { pageSize: first ?? undefined, pageToken: after ?? undefined };
}
