import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { SIGNATURES } from '../../domain/model/webhook.js';
import { connectionType } from '../../platform/graphql/connection.js';
import { DescribedType } from '../../platform/graphql/described.type.js';
import { enumOf } from '../../platform/graphql/enum-of.js';
import { DateTime } from '../../platform/graphql/scalars.js';
import { DELIVERY_STATES } from '../../schema/webhook.js';

export const SignatureEnum = enumOf(
  'WebhookSignature',
  SIGNATURES,
  'hmac: by a secret that both sides hold; ed25519: by a key of which the receiver has the public half',
);
export const DeliveryStateEnum = enumOf('WebhookDeliveryState', DELIVERY_STATES, 'What became of a delivery');

@ObjectType('Webhook', {
  description: 'A receiver that is told of what is published, as the Standard Webhooks specification has it',
})
export class WebhookType extends DescribedType {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly url!: string;

  @Field(() => Boolean, { description: 'false: nothing is sent' })
  readonly enabled!: boolean;

  @Field(() => SignatureEnum)
  readonly signature!: string;

  @Field(() => String, { nullable: true, description: 'whsec_ and base64: shown once, in the reply to the creation' })
  readonly secret?: string;

  @Field(() => String, {
    nullable: true,
    description: 'whpk_ and base64, in the reply to the creation; keys have it later',
  })
  readonly publicKey?: string;
}

@ObjectType('WebhookKey', { description: 'What deliveries are signed with' })
export class WebhookKeyType {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => SignatureEnum)
  readonly signature!: string;

  @Field(() => String, { nullable: true, description: 'whsec_ and base64: shown once, in the reply to its making' })
  readonly secret?: string;

  @Field(() => String, { nullable: true, description: 'whpk_ and base64' })
  readonly publicKey?: string;

  @Field(() => DateTime)
  readonly createdAt!: string;

  @Field(() => String)
  readonly createdBy!: string;

  @Field(() => DateTime, { nullable: true, description: 'Until then it signs; without end, where absent' })
  readonly expiresAt?: string;
}

@ObjectType('WebhookAttempt', { description: 'One try to deliver' })
export class AttemptType {
  @Field(() => Int)
  readonly number!: number;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => Int)
  readonly durationMs!: number;

  @Field(() => Int, { nullable: true, description: 'What the receiver answered: only 2xx is success' })
  readonly status?: number;

  @Field(() => String, { nullable: true, description: 'Why there was no answer' })
  readonly error?: string;
}

@ObjectType('WebhookDelivery', { description: 'An event on its way to a receiver' })
export class DeliveryType {
  @Field(() => ID, { description: 'The header webhook-id: the same at every attempt' })
  readonly id!: string;

  @Field(() => String, { description: 'Name of the webhook' })
  readonly webhook!: string;

  @Field(() => String, { description: 'bundle.published or webhook.test' })
  readonly type!: string;

  @Field(() => String, { description: 'What is sent, byte for byte' })
  readonly body!: string;

  @Field(() => DeliveryStateEnum)
  readonly state!: string;

  @Field(() => DateTime)
  readonly createdAt!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is tried next, or to be given up by whoever tries now',
  })
  readonly dueAt?: string;

  @Field(() => DateTime, { nullable: true, description: 'When it was delivered, or given up' })
  readonly settledAt?: string;

  @Field(() => [AttemptType])
  readonly attempts!: readonly AttemptType[];
}

export const DeliveryConnection = connectionType(DeliveryType, 'WebhookDelivery');
