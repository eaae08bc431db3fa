import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { PAGE_SIZE } from '../http/page.js';
import type { Variables } from './graphql.request.js';
import { LIST_LENGTH } from './limits.js';

/** A guess at how many objects an operation of a valid document leads to: lists multiply what is under them, pages by their size. */
export function objectCount(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  return new ObjectCounter(schema, document, variables).count(root, operation.selectionSet, 1);
}

class ObjectCounter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
  }

  /** `pageSize` is how many nodes the connection has whose selection this is. */
  count(type: GraphQLCompositeType, { selections }: SelectionSetNode, pageSize: number): number {
    let objects = 0;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) objects += this.ofField(type, node, pageSize);
      else if (node.kind === Kind.FRAGMENT_SPREAD) objects += this.ofFragment(node.name.value, pageSize);
      else objects += this.count(this.typeNamed(node.typeCondition?.name.value) ?? type, node.selectionSet, pageSize);
    }
    return objects;
  }

  /** Each fragment is counted once, however often it is spread. */
  private ofFragment(name: string, pageSize: number): number {
    const key = `${name} ${pageSize}`;
    const fragment = this.fragments.get(name);
    const type = this.typeNamed(fragment?.typeCondition.name.value);
    if (fragment === undefined || type === undefined) return 0;
    const objects = this.known.get(key) ?? this.count(type, fragment.selectionSet, pageSize);
    this.known.set(key, objects);
    return objects;
  }

  private ofField(parent: GraphQLCompositeType, node: FieldNode, pageSize: number): number {
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    if (field === undefined) return 0; // introspection
    const own = Number(field.extensions['complexity'] ?? 0);
    const type = getNamedType(field.type);
    if (node.selectionSet === undefined || !isCompositeType(type)) return own;
    const paged = field.args.some((arg) => arg.name === 'first');
    const inner = 1 + own + this.count(type, node.selectionSet, paged ? this.sizeOf(node) : 1);
    if (!isListType(getNullableType(field.type))) return inner;
    return inner * (paged ? this.sizeOf(node) : this.lengthOf(parent, field, pageSize));
  }

  private lengthOf(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>, pageSize: number): number {
    return parent.name.endsWith('Connection') && ['nodes', 'edges'].includes(field.name) ? pageSize : LIST_LENGTH;
  }

  private sizeOf(node: FieldNode): number {
    const first = node.arguments?.find((arg) => arg.name.value === 'first')?.value;
    const size = first?.kind === Kind.INT ? Number(first.value) : undefined;
    const named = first?.kind === Kind.VARIABLE ? this.variables[first.name.value] : undefined;
    return Math.max(1, size ?? (typeof named === 'number' ? named : PAGE_SIZE));
  }

  private typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}
