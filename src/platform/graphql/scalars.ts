import { GraphQLScalarType } from 'graphql';

// GraphQL hands them on as they are: what is right for a field, its schema says.

export const Labels = new GraphQLScalarType({
  name: 'Labels',
  description: 'Kubernetes labels: an object of qualified names to values, {"app": "shop"}',
});

export const Json = new GraphQLScalarType({ name: 'JSON', description: 'Any JSON value' });

export const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  description: 'A time by RFC 3339: 2026-01-02T03:04:05.000Z',
});
