import { Field, InputType, OmitType, PartialType } from '@nestjs/graphql';
import { DescribedInput } from '../../platform/graphql/described.type.js';
import { SignatureEnum } from './webhook.type.js';

@InputType()
export class WebhookInput extends DescribedInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'Where to: https; http only to the networks of SLUICE_WEBHOOK_ALLOW' })
  readonly url!: string;

  @Field(() => [String], { nullable: true, description: 'Names of environments; all of them, where absent' })
  readonly environments?: readonly string[];

  @Field(() => Boolean, { nullable: true, description: 'true, where absent; false: nothing is sent' })
  readonly enabled?: boolean;

  @Field(() => SignatureEnum, { nullable: true, description: 'hmac, where absent; it stays as it was made' })
  readonly signature?: string;
}

@InputType()
export class WebhookPatch extends PartialType(OmitType(WebhookInput, ['name'])) {}
