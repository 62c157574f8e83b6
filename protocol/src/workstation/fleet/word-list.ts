// 256 plain English words, told apart by ear and at a glance: a byte is read aloud as one of them.
// The order is for ever, as both sides must say the same.

const lines = `
acorn album alley amber anchor ankle apple apron arrow autumn badger bagel
bakery balcony bamboo banjo barley basket beacon beaver bedrock bicycle bishop blanket
blossom bonnet border bottle boulder bracelet branch breeze bridge bronze brother bucket
butter button cabin cactus camel candle canyon carpet carrot castle cedar cello
cereal chapel cherry chimney cinema circle clover cobalt coconut coffee comet copper
coral cotton cousin cradle crayon cricket crimson crystal cupboard curtain cushion daisy
dancer daylight denim desert dinner dolphin donkey doorbell dragon drummer eagle easel
eclipse elbow elephant emerald engine envelope estate evening fabric falcon feather fennel
ferry fiddle finger fireside flamingo flannel flute forest fossil fountain freckle galaxy
garden garlic gazelle ginger giraffe glacier goblet goose granite grape gravel guitar
hammer hamster harbour harvest hazel hedgehog helmet heron honey horizon hotel icicle
igloo indigo island ivory jacket jaguar jasmine jelly jigsaw jungle juniper kayak
kettle kingdom kitchen kiwi ladder lagoon lantern laundry lavender lemon leopard lettuce
library lighthouse lilac linen lizard lobster magnet mango maple marble meadow melon
mirror mitten monkey mosaic mountain muffin museum mushroom napkin needle nettle nickel
notebook nutmeg oatmeal ocean olive onion orange orchard organ otter oyster paddle
painter palace panther paper parrot pasture peach pebble pelican pencil penguin pepper
piano picnic pigeon pillow planet pocket pony poplar potato puffin pumpkin puzzle
quarry rabbit radio rainbow raven ribbon river robin rocket saddle saffron salmon
sandal sapphire saturn scarlet shadow shepherd silver spider spinach squirrel stable statue
sugar summer sunset tailor tangerine teapot thunder tiger timber tomato tractor trumpet
tulip turtle umbrella velvet
`

export const wordList: readonly string[] = lines.trim().split(/\s+/)
