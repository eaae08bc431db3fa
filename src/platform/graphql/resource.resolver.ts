import type { Type } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Key } from '../../store/model-store.js';
import type { ResourceService } from '../resource/resource.service.js';
import { argsOf, filtersOf, NoArgs, type TextArgs } from './args-of.js';
import { Connection, connectionType, PageArgs, pagingOf } from './connection.js';
import { type GraphQLContext, writing } from './graphql.context.js';
import { modelObject } from './model-object.js';
import { ChangeArgs, matching, WriteArgs } from './write.args.js';

/** How a resource of the model looks by GraphQL. */
export interface GraphQLResource {
  /** The type's name in the schema: `Team`. */
  readonly name: string;
  readonly type: Type<object>;
  /** The fields that name an object, outermost first. */
  readonly key: readonly string[];
  /** What lists can be narrowed by, and what each filter means. */
  readonly filters?: TextArgs;
  /** Of create and update; placements have neither: they are put where they belong. */
  readonly inputs?: { readonly create: Type<object>; readonly patch: Type<object> };
}

/**
 * The resolver that all resources of the model share, the twin of resourceController(); a feature extends it, names its service and
 * adds the relations. Inputs go to the service as they are, so that the same schema refuses them with the same problems.
 */
export function resourceResolver({ name, type, key, filters = {}, inputs }: GraphQLResource) {
  const word = name.toLowerCase();
  const oneOfThem = `${/^[ae]/.test(word) ? 'an' : 'a'} ${word}`;
  const outer = key.slice(0, -1);
  const texts = (fields: readonly string[]): TextArgs =>
    Object.fromEntries(fields.map((field) => [field, `Name of the ${field === 'name' ? word : field}`]));
  const ConnectionType = connectionType(type, name);
  const KeyArgs = argsOf(NoArgs, texts(key), 'required');
  const KeyChangeArgs = argsOf(ChangeArgs, texts(key), 'required');
  const ListArgs = argsOf(argsOf(PageArgs, filters, 'optional'), texts(outer), 'required');
  const { create: CreateInput = NoArgs, patch: PatchInput = NoArgs } = inputs ?? {};
  const ifWritten = (decorator: MethodDecorator): MethodDecorator => (inputs ? decorator : () => undefined);

  @Resolver(() => type, { isAbstract: true })
  abstract class ResourceResolver {
    protected abstract readonly service: ResourceService<object>;

    @Query(() => type, { name: word, nullable: true, description: `One ${word}` })
    async one(@Context() gql: GraphQLContext, @Args({ type: () => KeyArgs }) args: Key): Promise<object> {
      return modelObject(await this.service.get(gql.ctx, pick(args, key)));
    }

    @Query(() => ConnectionType, { name: `${word}s`, description: `The ${word}s, by name` })
    async list(@Context() gql: GraphQLContext, @Args({ type: () => ListArgs }) args: PageArgs & Key): Promise<object> {
      const filter = { ...filtersOf(filters, args), ...pick(args, outer) };
      return new Connection(await this.service.list(gql.ctx, filter, pagingOf(args)), modelObject, args);
    }

    @ifWritten(Mutation(() => type, { name: `create${name}`, nullable: true, description: `Create ${oneOfThem}` }))
    async create(
      @Context() gql: GraphQLContext,
      @Args('input', { type: () => CreateInput }) input: unknown,
      @Args() how: WriteArgs,
    ): Promise<object> {
      const ctx = writing(gql, how);
      return modelObject(await this.handIn(input, (raw) => this.service.create(ctx, raw, namesIn(input, outer))));
    }

    @ifWritten(
      Mutation(() => type, {
        name: `update${name}`,
        nullable: true,
        description: `Change ${oneOfThem}: fields of the patch replace, null removes (or is the value, where null is one), absent keeps (RFC 7396)`,
      }),
    )
    async update(
      @Context() gql: GraphQLContext,
      @Args('patch', { type: () => PatchInput }) patch: unknown,
      @Args({ type: () => KeyChangeArgs }) args: ChangeArgs & Key,
    ): Promise<object> {
      const ctx = writing(gql, args);
      const held = matching(args.ifMatch);
      return modelObject(await this.handIn(patch, (raw) => this.service.patch(ctx, pick(args, key), raw, held)));
    }

    @Mutation(() => Boolean, {
      name: `delete${name}`,
      nullable: true,
      description: `Delete ${oneOfThem} that nothing refers to: true, or an error that names what does`,
    })
    async remove(
      @Context() gql: GraphQLContext,
      @Args({ type: () => KeyChangeArgs }) args: ChangeArgs & Key,
    ): Promise<boolean> {
      await this.service.remove(writing(gql, args), pick(args, key), matching(args.ifMatch));
      return true;
    }

    /** Where the input has another shape than REST's, a resource overrides this: hand in REST's, and say problems in GraphQL's. */
    protected handIn<R>(input: unknown, write: (raw: unknown) => Promise<R>): Promise<R> {
      return write(input);
    }
  }
  return ResourceResolver;
}

/** What REST has in the path of a create: the application of a tier. */
function namesIn(input: unknown, fields: readonly string[]): Key {
  const given = Object.entries(input ?? {}).filter(([field]) => fields.includes(field));
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string'));
}

function pick(args: Key, fields: readonly string[]): Key {
  return Object.fromEntries(fields.map((field) => [field, args[field] ?? '']));
}
